"""Figures with a caption are numbered through each chapter, in the pages as in print."""

from types import SimpleNamespace

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from book.collected.figures import NumberFigures

NAMED = '<figure class="lv-figure lv-live" id="lv-1"><svg/>{}</figure>'
PLAIN = '<figure class="lv-figure lv-show"><svg/>{}</figure>'
CAPTION = '<figcaption class="tex2jax_process">A gas.</figcaption>'
NUMBERS = {"chapters/02": {"": (2,)}, "chapters/03": {"": (3,)}}


def raw(html):
    return nodes.raw("", html, format="html")


def numbered(document, page):
    """The figures of a document, after its transform."""
    document.settings.env = SimpleNamespace(docname=page, toc_secnumbers=NUMBERS)
    transform = NumberFigures(document)
    transform.run()
    return [node.astext() for node in document.findall(nodes.raw)]


def test_captions_get_numbers_that_lead_to_their_figures():
    document = new_document("page")
    document += [raw(NAMED.format(CAPTION)), raw(PLAIN.format("")), raw(PLAIN.format(CAPTION))]
    first, without, second = numbered(document, "chapters/02")
    assert '<a class="lv-number" href="#lv-1">Figure 2.1</a>. A gas.' in first
    assert without == PLAIN.format("")
    assert 'id="figure-2-2"><svg/>' in second
    assert '<a class="lv-number" href="#figure-2-2">Figure 2.2</a>. A gas.' in second


def test_print_counts_each_chapter_and_pages_without_a_number_not_at_all():
    document = new_document("book")
    for page in ("chapters/02", "chapters/03", "appendix/figures"):
        document += addnodes.start_of_file("", raw(PLAIN.format(CAPTION)), docname=page)
    second, third, appendix = numbered(document, "intro")
    assert "Figure 2.1<" in second and "Figure 3.1<" in third
    assert appendix == PLAIN.format(CAPTION)
