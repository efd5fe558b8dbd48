"""A line of text that is being typed, where no field of its own is worth the focus. Pure."""

__all__ = ["LineEdit"]

_MOST = 512


class LineEdit:
    """Text and a cursor in it, moved and changed by keys.

    Args:
        text: What stands there already.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.cursor = len(text)

    def insert(self, text: str) -> None:
        """Put printable text in at the cursor; everything else in it is left out."""
        text = "".join(character for character in text if character.isprintable())
        text = text[: _MOST - len(self.text)]
        self.text = self.text[: self.cursor] + text + self.text[self.cursor :]
        self.cursor += len(text)

    def press(self, key: str, character: str | None) -> bool:
        """Do what a key means; returns whether it means anything.

        Args:
            key: Its name.
            character: What it prints.
        """
        before, after = self.text[: self.cursor], self.text[self.cursor :]
        match key:
            case "backspace":
                self.text, self.cursor = before[:-1] + after, len(before[:-1])
            case "delete":
                self.text = before + after[1:]
            case "left":
                self.cursor = max(self.cursor - 1, 0)
            case "right":
                self.cursor = min(self.cursor + 1, len(self.text))
            case "home" | "ctrl+a":
                self.cursor = 0
            case "end" | "ctrl+e":
                self.cursor = len(self.text)
            case "ctrl+u":
                self.text, self.cursor = after, 0
            case "ctrl+w":
                kept = before.rstrip()
                kept = kept[: kept.rfind(" ") + 1]
                self.text, self.cursor = kept + after, len(kept)
            case _:
                if character is None or not character.isprintable():
                    return False
                self.insert(character)
        return True
