"""Tell readers without JavaScript what a page lacks for them."""

from sphinx.locale import get_translation

_ = get_translation("book")

NOTICE = _("Without JavaScript, figures keep still.")


def add_notice(app, pagename, templatename, context, doctree):
    """Tell readers without JavaScript why the figures of a page do not move."""
    if "data-lv=" in context.get("body", ""):
        notice = f'<noscript><p class="without-scripts">{NOTICE}</p></noscript>'
        context["body"] = f"{notice}\n{context['body']}"
