"""How the book is found: cards for social networks, a sitemap, a page for wrong addresses.

What needs an absolute address is made where the book's public address is known, and left out
elsewhere. Three Sphinx extensions offer the same and were tried. One draws a card of 50 kB with
a description of its own and the equations in it; one forgets in its sitemap the pages that a build
has nothing to change in; one has no page for a site whose address is not known.
"""

import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote, urlsplit

from book.sources.address import repository_address

CARDS = "_cards"
LOST = "404"  # what the book's host shows for an address that it has not got
SHARED = re.compile(r'<meta (?:property="og:|name="(?:twitter:|description"))[^>]*>')
RELATIVE = re.compile(r'\b(href|src|action|data-content_root)="(?!/|#|[a-z]+:)(?:\./)?')


def tags(app, pagename, title, description):
    """Return the tags that networks read, and draw the card that they name.

    Where no public address is known, or for a page that is not a document, there are none. An
    edition in another language, whose site is a folder of the book's, shows the book's cards.
    """
    site = app.config.html_baseurl
    if not site or pagename not in app.env.found_docs:
        return ""
    from book.web import cards  # it needs matplotlib, which is slow to import

    book, title = app.config.html_title, plain(title)
    card, home = f"{CARDS}/{pagename}.png", repository_address(app.confdir).pages
    if site == home:
        cards.draw(Path(app.outdir) / card, book, title, description)
    properties = {
        "og:title": title,
        "og:description": description,
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:url": absolute(site, app.builder.get_target_uri(pagename)),
        "og:site_name": book,
        "og:image": absolute(home, card),
        "og:image:width": str(cards.SIZE[0]),
        "og:image:height": str(cards.SIZE[1]),
        "og:image:alt": cards.ALTERNATIVE.format(title=title),
    }
    lines = [
        f'<meta property="{name}" content="{escape(text)}"/>' for name, text in properties.items()
    ]
    return "\n".join(["", *lines, '<meta name="twitter:card" content="summary_large_image"/>'])


def plain(title):
    """Return the text of a title as a template has it.

    >>> plain("Tom &amp; <em>Jerry</em>")
    'Tom & Jerry'
    """
    return unescape(re.sub(r"<[^>]+>", "", title))


def absolute(site, path):
    return site + quote(path)


def lost_page(app):
    """Yield the page for an address that leads nowhere; Sphinx gives it the look of the book."""
    search = app.builder.get_relative_uri(LOST, "search")
    titles = {name: plain(app.env.titles[name].astext()) for name in main_pages(app)}
    entries = "\n".join(
        f'<li><a href="{app.builder.get_relative_uri(LOST, name)}">{escape(title)}</a></li>'
        for name, title in titles.items()
    )
    body = f"""
<section>
<h1>There is no page here</h1>
<p>The link that brought you is old, or a letter of the address is wrong. Look for the words you
came for, or begin where a part begins.</p>
<form class="lost" role="search" action="{search}" method="get">
<label for="lost-words">Words to look for</label>
<input id="lost-words" class="form-control" type="search" name="q"/>
<button class="btn btn-primary" type="submit">Search</button>
</form>
<ul>
{entries}
</ul>
</section>
"""
    yield LOST, {"title": "There is no page here", "body": body, "pageurl": None}, "page.html"


def main_pages(app):
    """Return the preface, the pages that begin the parts, and the ledger, in the book's order."""
    listed = app.env.toctree_includes.get(app.config.root_doc, [])
    wanted = [name for name in listed if name.startswith("parts/") or name == "appendix/ledger"]
    return [app.config.root_doc, *wanted]


def anywhere(html, site):
    """Return the page for lost readers with addresses that hold at any depth below the site's.

    >>> anywhere('<a href="intro.html"> <a href="#top">', "https://someone.github.io/book/")
    '<a href="/book/intro.html"> <a href="#top">'
    """
    if not site:
        return html
    return RELATIVE.sub(rf'\1="{urlsplit(site).path}', html)


def write_index(written, site):
    """Lead from the site's own address to the preface, with the preface's card."""
    if written.start == "index":
        return
    page, title = f"{written.start}.html", escape(plain(written.title))
    shared = SHARED.findall((site / page).read_text(encoding="utf-8").partition("</head>")[0])
    if written.base:
        shared.append(f'<link rel="canonical" href="{absolute(written.base, page)}"/>')
    (site / "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="{written.language}">\n<head>\n<meta charset="utf-8"/>\n'
        f'<title>{title}</title>\n<meta http-equiv="refresh" content="0; url={page}"/>\n'
        + "\n".join(shared)
        + f'\n</head>\n<body><p><a href="{page}">{title}</a></p></body>\n</html>\n',
        encoding="utf-8",
    )


def write_sitemap(written, site):
    """List the pages for search engines; give the page for lost readers absolute addresses."""
    base, documents = written.base, written.documents
    lost = site / f"{LOST}.html"
    lost.write_text(anywhere(lost.read_text(encoding="utf-8"), base), encoding="utf-8")
    if not base:
        return
    paths = (path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html"))
    places = "\n".join(
        f"<url><loc>{escape(absolute(base, f'{name}.html'))}</loc></url>"
        for name in sorted(paths)
        if name in documents or name.partition("/")[2] in documents  # in another language
    )
    (site / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}\n</urlset>\n',
        encoding="utf-8",
    )
    robots = f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n"
    (site / "robots.txt").write_text(robots, encoding="utf-8")
