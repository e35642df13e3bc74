"""All pages share one style sheet: with all rules that find something, without most others.

That scripts find theirs too is seen in tests/browser/test_stylesheet.py.
"""

import re
from hashlib import sha256

import pytest
from sphinx.errors import ExtensionError

from book.web import stylesheet
from built_book import HTML, every_page

SHEET = HTML / "_static" / stylesheet.NAME
LINK = re.compile(r'<link[^>]*rel="stylesheet"[^>]*>')
# The one leads on at once; a lecture has the sheet of its slides as well.
PAGES = [name for name in every_page() if name != "index.html" and "lectures/" not in name]
THEME = '<link rel="stylesheet" href="_static/styles/theme.css?digest=1" />\n'
TEXT = '<link rel="stylesheet" type="text/css" href="_static/text.css" />\n'


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_one_sheet_and_it_is_the_newest(name):
    html = (HTML / name).read_text(encoding="utf-8")
    (link,) = LINK.findall(re.sub("(?s)<noscript>.*?</noscript>", "", html))
    version = sha256(SHEET.read_bytes()).hexdigest()[:8]
    assert re.search(rf'href="[^"]*_static/{stylesheet.NAME}\?v={version}"', link), link


def test_what_the_sheet_asks_for_is_there():
    addresses = re.findall(r"""url\(["']?([^"')]+)""", SHEET.read_text(encoding="utf-8"))
    local = {address for address in addresses if not address.startswith(("data:", "#"))}
    assert local and not [address for address in local if not (SHEET.parent / address).is_file()]


def test_the_sheet_is_much_less_than_its_sources():
    sources = (path for path in SHEET.parent.rglob("*.css") if path != SHEET)
    assert SHEET.stat().st_size < 0.4 * sum(path.stat().st_size for path in sources)


@pytest.fixture
def site(tmp_path):
    """A small site with sheets that import, bring pictures, and have rules to spare."""
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "theme.css").write_text(
        '@import "../base.css";\n.here { background: url("../p.svg") } .gone { color: red }',
        encoding="utf-8",
    )
    (tmp_path / "base.css").write_text(
        "h1 { margin: 0 } @media print { .gone { margin: 0 } }", encoding="utf-8"
    )
    (tmp_path / "text.css").write_text(
        ".made, p:not(.gone) { top: 0 } #gone .here { top: 0 }", encoding="utf-8"
    )
    (tmp_path / "figures.css").write_text("svg.here { top: 0 }", encoding="utf-8")
    (tmp_path / "some.js").write_text("element.className = 'made';", encoding="utf-8")
    return tmp_path


def test_sheets_become_one_in_their_order(site):
    page = f'<head>\n{THEME}{TEXT}</head><p class="here">'
    new = stylesheet.finish(site, {"a.html": page}, ["figures.css"])["a.html"]
    assert len(LINK.findall(new)) == 1 and new.index("style.css") < new.index("</head>")
    assert (site / stylesheet.NAME).read_text(encoding="utf-8") == (
        'h1{ margin: 0 }.here{ background: url("p.svg") }.made,p:not(.gone){ top: 0 }'
        "svg.here{ top: 0 }"
    )


def test_pages_that_a_build_leaves_alone_get_the_sheet_of_the_new_ones(site):
    first = stylesheet.finish(site, {"a.html": f'{THEME}{TEXT}<p class="here">'})
    assert stylesheet.finish(site, first) == first, "another build would change the page"
    both = stylesheet.finish(site, {**first, "b.html": f'{THEME}{TEXT}<p class="gone">'})
    assert "color: red" in (site / stylesheet.NAME).read_text(encoding="utf-8")
    assert LINK.findall(both["a.html"]) == LINK.findall(both["b.html"])
    assert LINK.findall(both["a.html"]) != LINK.findall(first["a.html"])
    assert '<p class="here">' in both["a.html"]


@pytest.mark.parametrize("fault", [".here }", "@media print { .here }"])
def test_a_sheet_with_a_fault_is_named(site, fault):
    (site / "text.css").write_text(f"p {{ top: 0 }}\n{fault}", encoding="utf-8")
    with pytest.raises(ExtensionError, match=r"text\.css, line 2: "):
        stylesheet.finish(site, {"a.html": THEME + TEXT})
