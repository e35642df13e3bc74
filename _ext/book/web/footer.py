"""The foot of a page: its licences, and where its source is and a mistake is reported."""

from html import escape
from urllib.parse import quote

from sphinx.locale import get_translation

_ = get_translation("book")

TEXT = ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0")
CODE = ("https://opensource.org/license/mit", "MIT")
LICENCES = _("Text and figures: {}. Code: {}.")
SOURCE = _("Source of the book")
REPORT = _("Report a mistake on this page")


def add_footer(app, pagename, templatename, context, doctree):
    """Say at the foot of a page how it may be used, and where it comes from, if that is known."""
    licences = str(LICENCES).format(link(*TEXT, ' rel="license"'), link(*CODE))
    lines, repository = [licences], context.get("repository")
    if repository:
        issue = f"{repository}/issues/new?title={quote(f'{pagename}: ')}"
        lines.append(f"{link(repository, SOURCE)} · {link(issue, REPORT)}")
    context["theme_extra_footer"] = "".join(f"<p>{line}</p>" for line in lines)


def link(address, words, more=""):
    return f'<a href="{escape(address)}"{more}>{escape(str(words))}</a>'
