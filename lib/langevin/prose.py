"""Numbers in the text of the book that come from a run, never from a keyboard."""

from typing import Any


def glue(name: str, value: Any) -> None:
    """Keep a value for the text of the page, where the role ``glue`` prints it by its name.

    The built book takes it from the cell's output, in the form that MyST-NB's own `glue` writes;
    in a notebook nothing is shown.  The book has its own so that a chapter runs without Sphinx.

    Parameters
    ----------
    name : str
        What the text calls it; the same name twice in a chapter is a warning of the build.
    value : object
        What is printed, as the notebook would show it; most often a string with the unit.

    Returns
    -------
    None
        The value goes into the cell's output.

    Raises
    ------
    ValueError
        If the name is not a non-empty string.

    Examples
    --------
    >>> from langevin.prose import glue
    >>> glue("radius", "0.212 µm")
    """
    if not (isinstance(name, str) and name):
        raise ValueError(f"name must be a non-empty string, got {name!r}")
    from IPython.core.formatters import format_display_data
    from IPython.display import display

    data, metadata = format_display_data(value)
    hidden = "application/papermill.record/"
    metadata["scrapbook"] = {"name": name, "mime_prefix": hidden}
    display({hidden + kind: shown for kind, shown in data.items()}, raw=True, metadata=metadata)
