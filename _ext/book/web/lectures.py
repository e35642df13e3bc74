"""Lectures: slides made of what a chapter's finished page holds, as `lectures/*.md` name it.

A file has one lecture. Slides stand between lines of three hyphens; a line of a slide begins with
`section:`, `equation:`, `figure:`, `exercise:`, `bet:`, an answer's hyphen or `note:`, or is text.
A figure is named by its section and its place there, such as `arrhenius 2`, or `start 1`.
"""

import re
from html import escape
from pathlib import Path

from sphinx.errors import ExtensionError

FOLDER = "lectures"  # of the sources, and of the site
SCRIPT, STYLE = "reveal.js", "reveal.css"  # reveal's, in the site's folder
LIMIT = 25  # words of text on a slide
LINE = re.compile(r"(section|equation|figure|exercise|bet|note):\s*(.*)|(-)\s+(.*)")
SHEET = re.compile(r'<link rel="stylesheet" href="[^"]*style\.css[^>]*>')
SCRIPTS = re.compile(r'<script defer(?:="defer")? src="[^"]*/(?:math|figures)\.js[^>]*></script>')
TITLE = re.compile(r'<h1><span class="section-number">(\d+)\. </span>(.*?)<a.*?<p>(.*?)</p>', re.S)
PLACE = re.compile(r'<section id="([^"]+)"|(<figure class="lv-figure.*?</figure>)', re.S)
EXERCISE = re.compile(
    r'<div class="exercise admonition" id="([^"]+)">.*?<span class="caption-number">(.*?)</p>', re.S
)
EQUATION = re.compile(r'<div class="math[^"]*" id="equation-([^"]+)">.*?</div>', re.S)
HEADING = re.compile(r'<section id="([^"]+)"[^>]*>\s*<h[23]>(.*?)<a class="headerlink"', re.S)
HEADERLINK = re.compile(r'<a class="headerlink".*?</a>')
LINK = re.compile(r'(<a\b[^>]*?\bhref=")(?!\.\./|https?:)(#?)')


def fill(root, site, html):
    """Return the texts of the lectures' pages, by path; `html` has the finished pages."""
    pages = {}
    for source in sorted((Path(root) / FOLDER).glob("*.md")):
        chapter = site / "chapters" / f"{source.stem}.html"
        if chapter not in html:
            raise ExtensionError(
                f"{FOLDER}/{source.name} belongs to no chapter: name it as a file of chapters/."
            )
        text = source.read_text(encoding="utf-8")
        pages[site / FOLDER / chapter.name] = page(html[chapter], text, source.stem)
    return pages


def page(chapter, text, name):
    """Return the lecture that a text describes, of what the chapter's page holds."""
    parts = parts_of(chapter)
    number, title, question = found(TITLE, chapter, name).groups()
    first = f"<h1>{number}. {title}</h1><p>{question}</p>"
    slides = [first, *(slide(lines, parts, name) for lines in cut(text))]
    body = "\n".join(f"<section>{content}</section>" for content in slides)
    body = LINK.sub(lambda m: f"{m[1]}../chapters/" + (f"{name}.html#" if m[2] else ""), body)
    head = found(SHEET, chapter, name)[0] + "\n" + "\n".join(SCRIPTS.findall(chapter))
    return f"""<!DOCTYPE html>
<html lang="en" data-content_root="../">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1.0" />
<meta name="robots" content="noindex" />
<title>{title}: slides</title>
{head}
<link rel="stylesheet" href="{STYLE}" />
<link rel="stylesheet" href="../_static/lectures.css" />
<script src="{SCRIPT}"></script>
<script defer src="../_static/lectures.js"></script>
</head>
<body>
<main><div class="reveal"><div class="slides">
{body}
</div></div></main>
</body>
</html>
"""


def found(pattern, chapter, name):
    """Return what a pattern finds in a chapter's page, or stop the build."""
    match = pattern.search(chapter)
    if match is None:
        raise ExtensionError(
            f"the page of {name} has nothing that {__name__} knows it by, {pattern.pattern}: see "
            "what stands in its place, and correct the pattern"
        )
    return match


def parts_of(chapter):
    """Return what a chapter's page holds, by kind and name."""
    figures, section, count = {}, "start", 0
    for match in PLACE.finditer(chapter):
        if match[1]:
            section, count = match[1], 0
        else:
            count += 1
            figures[f"{section} {count}"] = match[2]
    return {
        "section": {m[1]: f"<h2>{m[2]}</h2>" for m in HEADING.finditer(chapter)},
        "equation": {m[1]: HEADERLINK.sub("", m[0]) for m in EQUATION.finditer(chapter)},
        "figure": figures,
        "exercise": {
            m[1]: f'<p><a href="#{m[1]}">{m[2]}</a></p>'.replace("</span>", "", 1)
            for m in EXERCISE.finditer(chapter)
        },
    }


def cut(text):
    """Return the slides of a text, each a list of numbered lines.

    >>> cut("a\\n---\\nb\\n\\nc")
    [[(1, 'a')], [(3, 'b'), (5, 'c')]]
    """
    slides: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() == "---":
            slides.append([])
        elif line.strip():
            slides[-1].append((number, line.strip()))
    return slides


def slide(lines, parts, name):
    """Return the content of one slide."""
    content, answers, words = [], [], 0
    for number, line in lines:
        where = f"{FOLDER}/{name}.md, line {number}"
        match = LINE.fullmatch(line)
        kind, value = (match[1] or match[3], match[2] or match[4]) if match else ("", line)
        if kind in parts:
            if value not in parts[kind]:
                raise ExtensionError(
                    f"{where}: the chapter's page has no {kind} {value!r}; "
                    f"it has {', '.join(parts[kind])}."
                )
            content.append(parts[kind][value])
            continue
        if kind == "note":
            content.append(f'<aside class="notes">{escape(value)}</aside>')
            continue
        words += len(value.split())
        if words > LIMIT:
            raise ExtensionError(
                f"{where}: the slide has more than {LIMIT} words; "
                "shorten it, or move words to a note."
            )
        if kind == "-":
            answers.append(f"<li>{escape(value)}</li>")
        else:
            bet = ' class="bet"' if kind == "bet" else ""
            content.append(f"<p{bet}>{escape(value)}</p>")
    return "".join(content) + (f"<ol>{''.join(answers)}</ol>" if answers else "")
