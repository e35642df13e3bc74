"""The printed book: what Sphinx's builder ``latex`` is told, and the shape of its pages."""
