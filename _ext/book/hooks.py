"""What this book adds to Jupyter Book, in the order in which it acts.

`DIRECTIVES` and `ROLES` are the names that the text uses, `HOOKS` say who acts on which event, and
`TRANSFORMS` who changes a page while it is read or before it is written. ARCHITECTURE.md shows
them as tables, which a test compares with these lists.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from book import editions, execution
from book.collected import common, figures, index, ledger, notation, prerequisites
from book.latex import book as printed
from book.latex import figures as printed_figures
from book.web import acts, answers, finish, folds, footer, notice, previews, search

# Readers who are sent to a place in a page need all that is above it at once: see assets/book.css.
# Who comes back, or loads the page anew, is where the browser has kept the place.
AT_A_PLACE = (
    "if (location.hash || performance.getEntriesByType('navigation')[0]?.type !== 'navigate') "
    "document.documentElement.classList.add('at-a-place');"
)
# Before anything is painted: who has chosen neither light nor dark has what the system has.
THEME = (
    "{ const { dataset } = document.documentElement; if (dataset.mode === 'auto') dataset.theme ="
    " matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'; }"
)

DIRECTIVES = {
    "ledger": ledger.LedgerDirective,
    "notation": notation.NotationDirective,
    "prerequisites": prerequisites.PrerequisitesDirective,
    "index-of-the-book": index.IndexDirective,
    "solved-exercises": answers.SolvedDirective,
}

ROLES = {"set": acts.SetRole}

# Each with the priority that stands in its class.
TRANSFORMS = [
    editions.NameSources,
    answers.OfferFields,
    acts.FindControls,
    index.EnterTerms,
    index.EnterPeople,
]
POST_TRANSFORMS = [
    printed.ShapeBook,
    figures.NumberFigures,
    printed.LeaveOutFolded,
    printed.KeepBoxesWhole,
    answers.TakeOutBlanks,
    common.FillPlaceholders,
    printed_figures.PrintHtml,
    printed_figures.PrintDrawings,
    printed.LinkLateEquations,
    printed.FitTables,
    printed.PlaceBibliography,
    printed.DropDeadLinks,
    folds.FoldCells,
]


class Hook(NamedTuple):
    """A function that acts on an event of Sphinx: the first sentence of its docstring says how."""

    event: str
    priority: int  # Sphinx's own is 500; the lower acts first
    action: Callable


# 900: after the theme, Jupyter Book or MyST has acted on the same event.
HOOKS = [
    Hook("config-inited", 500, finish.use_address),
    Hook("config-inited", 500, index.replace_sphinx_index),
    Hook("config-inited", 900, editions.translate_configuration),
    Hook("config-inited", 900, editions.glue_in_translations),
    Hook("config-inited", 900, printed.configure_latex),
    Hook("builder-inited", 500, search.leave_sphinx_search),
    Hook("builder-inited", 500, printed.use_translator),
    Hook("builder-inited", 900, ledger.prepare),
    Hook("source-read", 500, editions.add_note),
    Hook("doctree-read", 200, editions.translate_parts),
    Hook("doctree-read", 500, editions.rename_exercises),
    Hook("doctree-read", 500, ledger.collect),
    Hook("autodoc-skip-member", 500, finish.skip_tuple_fields),
    Hook("env-get-outdated", 500, execution.reread),
    Hook("env-purge-doc", 500, ledger.forget),
    Hook("env-merge-info", 500, ledger.merge),
    Hook("env-get-updated", 900, ledger.compare),
    Hook("env-get-updated", 900, prerequisites.compare),
    Hook("env-get-updated", 950, index.compare),
    Hook("doctree-resolved", 500, editions.translate_numbers),
    Hook("html-collect-pages", 500, finish.add_lost_page),
    Hook("html-collect-pages", 500, search.result_page),
    Hook("html-page-context", 500, finish.describe_page),
    Hook("html-page-context", 500, footer.add_footer),
    Hook("html-page-context", 500, notice.add_notice),
    Hook("html-page-context", 500, common.add_filter_script),
    Hook("html-page-context", 500, answers.add_script),
    Hook("html-page-context", 500, acts.add_script),
    Hook("html-page-context", 900, finish.add_launch_button),
    Hook("html-page-context", 900, editions.add_switch),
    Hook("html-page-context", 900, folds.add_switch),
    Hook("html-page-context", 900, previews.add_place),
    Hook("build-finished", 900, finish.note),
]


def add(app, hooks):
    """Add the book to Sphinx with some of its hooks: small books in tests leave some out."""
    os.environ["LANGEVIN_FIGURES"] = "static"  # the kernels of the build inherit it
    app.config.mathjax_path = "math.js"
    app.add_js_file(None, body=f"{THEME} {{ {AT_A_PLACE} {folds.HEAD} }}", priority=100)
    app.add_js_file("book.js", loading_method="defer")
    for sheet in ("ledger.css", "terms.css", "answers.css", "acts.css", "previews.css"):
        app.add_css_file(sheet)
    app.add_message_catalog(editions.WORDS, str(Path(app.confdir) / editions.LOCALES))
    app.add_domain(ledger.NamedEquations, override=True)
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    for name, role in ROLES.items():
        app.add_role(name, role())
    for node, writers in (printed.NODES | printed_figures.NODES).items():
        app.add_node(node, latex=writers)
    for node, visit in answers.NODES.items():
        app.add_node(node, html=(visit, None), latex=(answers.skip, None))
    app.add_node(acts.acting, **acts.WRITERS)
    for node, writers in folds.NODES.items():
        app.add_node(node, html=writers)
    for transform in TRANSFORMS:
        app.add_transform(transform)
    for transform in POST_TRANSFORMS:
        app.add_post_transform(transform)
    for hook in hooks:
        app.connect(hook.event, hook.action, priority=hook.priority)
    return {
        "version": "1",
        "env_version": 8,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
