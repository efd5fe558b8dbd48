"""The folders that were open in a pane, in their order. Pure."""

__all__ = ["Visits"]

_KEPT = 200


class Visits:
    """Goes back and forward, as in a browser of pages."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._at = -1

    def add(self, path: str) -> None:
        """Remember a folder; what was forward of here is forgotten."""
        if self._paths and self._paths[self._at] == path:
            return
        self._paths = [*self._paths[: self._at + 1], path][-_KEPT:]
        self._at = len(self._paths) - 1

    def can_step(self, visits: int) -> bool:
        """Say whether there is a folder some visits away."""
        return 0 <= self._at + visits < len(self._paths)

    def step(self, visits: int) -> str | None:
        """Go some visits forward, back where negative; return the folder there."""
        if not self.can_step(visits):
            return None
        self._at += visits
        return self._paths[self._at]

    def clear(self) -> None:
        """Forget all."""
        self._paths, self._at = [], -1
