"""Every page of the built book bars what is not its own; JupyterLite, no page of it, is as made."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from sphinx.errors import ExtensionError

from book.web import policy
from built_book import HTML, ROOT, every_page

LITE = HTML / "lite"
NEEDED = {
    "default-src": {"'none'"},
    "style-src-attr": {"'unsafe-inline'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "worker-src": {"'none'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
}
DATA = {"application/json", "application/ld+json", "text/plain"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href"}


class Page(HTMLParser):
    """What a page has in its head, the scripts and styles in it, and code in attributes."""

    def __init__(self, html):
        super().__init__()
        self.metas, self.before, self.code, self.open = [], [], [], None
        self.texts = {"script": [], "style": []}
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.metas.append(attrs)
        if not any("http-equiv" in meta for meta in self.metas):
            self.before.append(tag)
        for name, value in attrs.items():
            scripted = name in ADDRESSES and value.strip().lower().startswith("javascript:")
            if name.startswith("on") or scripted:
                self.code.append(f"{name}={value}")
        self.open = tag if tag in self.texts and attrs.get("type") not in DATA else None

    def handle_data(self, data):
        if self.open:
            self.texts[self.open].append(data)
            self.open = None

    def handle_endtag(self, tag):
        self.open = None


def faults(html):
    """Say what is wrong with the policy of a page."""
    page = Page(html)
    found = [f"code in an attribute: {code}" for code in page.code]
    policies = [m["content"] for m in page.metas if m.get("http-equiv", "").startswith("Content-")]
    if len(policies) != 1:
        return [*found, f"{len(policies)} policies"]
    if page.before != ["html", "head", "meta"] or list(page.metas[0]) != ["charset"]:
        found.append(f"before the policy: {page.before}")
    if {"name": "referrer", "content": "strict-origin-when-cross-origin"} not in page.metas:
        found.append("nothing said of the referrer")
    rules = {name: set(allowed) for name, *allowed in map(str.split, policies[0].split(";"))}
    needed = dict(NEEDED)
    for kind, texts in page.texts.items():
        own = {b64encode(sha256(text.encode()).digest()).decode() for text in texts}
        needed[f"{kind}-src"] = {"'self'", *(f"'sha256-{name}'" for name in own)}
    for name in sorted(rules.keys() | needed.keys()):
        if rules.get(name) != needed.get(name):
            found.append(f"{name} is {rules.get(name)}, not {needed.get(name)}")
    return found


@pytest.mark.parametrize("name", every_page())
def test_the_page_has_its_policy_and_keeps_it(name):
    html = (HTML / name).read_text(encoding="utf-8")
    assert not faults(html), f"{name}: {faults(html)}"
    assert policy.protect(html, name) == html, "another build would change the page"


@pytest.mark.parametrize("name", every_page())
def test_the_page_asks_for_no_other_one_ahead(name):
    """Firefox would fetch it, and the page's policy bars that: an error on every page."""
    html = (HTML / name).read_text(encoding="utf-8")
    assert not re.search(r"""<link[^>]* rel=["']?[^"'>]*\b(next|prefetch|prerender)\b""", html)


def test_there_are_pages():
    assert {"index.html", "intro.html", "search.html", "404.html"} <= set(every_page())


MISTAKES = {
    "an inline script after the naming": ("</body>", "<script>let late = 1;</script></body>"),
    "a script that was changed": ("dataset.mode =", "dataset.mode  ="),
    "unsafe-inline": ("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
    "unsafe-eval": ("script-src 'self'", "script-src 'self' 'unsafe-eval'"),
    "another host": ("script-src 'self'", "script-src 'self' https://example.org"),
    "styles": ("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
    "no default": ("default-src 'none'; ", ""),
    "a handler": ("<body", '<body onload="start()"'),
    "an address that is code": ("</body>", '<a href="javascript:start()">start</a></body>'),
    "no policy": ('<meta http-equiv="Content-Security-Policy"', '<meta name="nothing"'),
    "a script before it": (
        '<meta charset="utf-8" />',
        '<meta charset="utf-8" /><script src="a.js">',
    ),
    "no word on the referrer": ('<meta name="referrer"', '<meta name="referer"'),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_noticed(mistake):
    html = (HTML / "intro.html").read_text(encoding="utf-8")
    before, after = MISTAKES[mistake]
    assert html.count(before) >= 1
    assert faults(html.replace(before, after, 1))


def test_what_enters_a_page_is_named_by_the_next_build():
    html = (HTML / "intro.html").read_text(encoding="utf-8")
    html = html.replace("</body>", "<script>let late = 1;</script></body>")
    assert faults(html) and not faults(policy.protect(html, "intro.html"))


HEAD = '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8"/>\n</head>\n'


@pytest.mark.parametrize(
    "tag",
    [
        '<p onclick="go()">',
        "<p class='a' ONCLICK=go()>",
        '<a\nhref="javascript:go()">',
        '<p title="1 > 0" hidden onclick = "go()">',
        '<svg><a xlink:href="javascript:go()">',
        '<button formaction="javascript:go()">',
        '<object data="javascript:go()">',
        "<svg/onload=go()>",
        '<a href="jav&#97;script:go()">',
        '<a href=" java&Tab;script&colon;go()">',
        '<p title=a"b onclick=go()>',
        '<animate attributeName="href" to="javascript:go()">',
    ],
)
def test_code_in_attributes_stops_the_build(tag):
    code = r"(?i)one\.html .*(onclick|onload|java\s?script:).*assets/"
    with pytest.raises(ExtensionError, match=code):
        policy.protect(f"{HEAD}{tag}", "one.html")


def test_a_page_in_an_address_stops_the_build():
    with pytest.raises(ExtensionError, match=r"one\.html .*data:text/html"):
        policy.protect(f'{HEAD}<a href="data:text/html,%3Cp%3E">', "one.html")


@pytest.mark.parametrize(
    "text",
    [
        "on = off",
        '<img alt="data:text/html is a type" src="data:image/png;base64,">',
        '<a title="on the address javascript:">',
        "<script>let a = '&lt;p onclick=go()>', b = '<p onclick=go()>';</script>",
        "<script>let tag = '<p></p><style>';</script><style>a > b { top: 0 }</style>",
        "a &lt;b onclick=&gt;",
        'say onclick="go()"',
        '<img alt="for one = 2, onclick=3">',
    ],
)
def test_words_are_no_code(text):
    assert not faults(policy.protect(f"{HEAD}<p>{text}</p>", "one.html"))


@pytest.mark.parametrize("tag", ["script", "SCRIPT", "script title='1 > 0'"])
def test_a_script_is_named_by_its_raw_text(tag):
    """The policy names what stands between the tags: entities are not decoded there."""
    code = "\n let a = '&lt;</p>' + 1; "
    html = policy.protect(f"{HEAD}<{tag}>{code}</{tag.split()[0]}>", "one.html")
    assert f"script-src 'self' {policy.hashes([code])[0]};" in html


def test_a_page_without_a_head_stops_the_build():
    with pytest.raises(ExtensionError, match="no charset"):
        policy.protect("<p>One.</p>", "one.html")


def test_the_scripts_of_the_book_make_no_code_from_text():
    for path in (HTML / "_static").rglob("*.js"):
        code = path.read_text(encoding="utf-8")
        assert not re.search(r"\bnew Function\(|(?<![.\w])eval\(", code), path


def test_jupyterlite_is_as_it_was_built():
    made = ROOT / "_build" / "lite" / "site"
    pages = sorted(path.relative_to(LITE) for path in LITE.rglob("*.html"))
    assert pages
    for page in pages:
        assert (LITE / page).read_bytes() == (made / page).read_bytes()
