"""The painted lines that Textual keeps of widgets that are gone."""

from textual._styles_cache import StylesCache

__all__ = ["forget_lines"]


def forget_lines() -> None:
    """Let go of the lines of all widgets that are gone.

    Textual remembers 1024 answers of a method of the lines of a widget, and with
    them the widget's lines themselves: some 50 KiB each, seven for each visit to a
    shell. What is still needed is found anew at the next frame.
    """
    StylesCache.get_inner_outer.cache_clear()
