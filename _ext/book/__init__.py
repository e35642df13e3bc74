"""What this book adds to Jupyter Book: `book.hooks` lists it, in the order in which it acts."""


def setup(app):
    """Add the book to Sphinx."""
    from book.hooks import HOOKS, add  # tools that need one room import no other

    return add(app, HOOKS)
