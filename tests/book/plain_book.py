"""The book's extension without the finished site: for small books with a plain theme."""

from book.hooks import HOOKS, add


def setup(app):
    """Add all of the book but what acts in `book.web`."""
    return add(app, [h for h in HOOKS if not h.action.__module__.startswith("book.web")])
