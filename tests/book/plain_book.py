"""The book's extension without the finished site: for small books with a plain theme."""

import book


def setup(app):
    """Add all of the book but what acts in `book.web`."""
    return book.add(app, [h for h in book.HOOKS if not h.action.__module__.startswith("book.web")])
