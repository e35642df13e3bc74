"""Stands in for MyST-NB, which needs Sphinx: where no page is built, nothing is to be glued."""

from IPython.display import display as show


def glue(name, variable, display=True):
    """Show the variable, if asked to; the book's pages repeat it in their text."""
    if display:
        show(variable)
