"""The browser's fixtures, for the tests of this folder."""

from chromium import browser, open_page, open_shared  # noqa: F401
