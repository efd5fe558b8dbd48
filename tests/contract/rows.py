"""The rows of the seed page, and the table that tells how each of them went."""

from collections.abc import Iterable, Iterator

import pytest

from tests.contract.backend import LOCAL

ROWS = {
    "manager": ("exists", "all", "get", "create"),
    "attribute": (
        *("architecture", "config", "created_at", "devices", "ephemeral", "expanded_config"),
        *("expanded_devices", "name", "description", "profiles", "status", "last_used_at"),
        *("status_code", "stateful"),
    ),
    "method": (
        *("rename", "save", "state", "start", "stop", "restart", "freeze", "unfreeze"),
        *("execute", "raw_interactive_execute", "migrate", "publish", "restore_snapshot"),
    ),
    "snapshots": ("get", "all", "create", "rename", "publish", "restore", "delete"),
    "files": ("put", "get", "delete_available", "delete"),
}
"""What the page lists, by its sections and in its order; deleting a snapshot is in an example."""

MARKER = "row(section, name): the row of the seed page that a test shows"
PROPERTY = "row of the seed page"
"""Under this name the reports of a test hold section, row and backend."""


def note_row(item: pytest.Item) -> None:
    """Notes in the reports of a test which row it shows, if it does."""
    marker = item.get_closest_marker("row")
    if marker is not None and isinstance(item, pytest.Function):
        section, name = marker.args
        backend = item.callspec.params["server"]
        item.user_properties.append((PROPERTY, (section, name, backend)))


def table_of(reports: Iterable[pytest.TestReport]) -> list[str]:
    """Lines that tell of each row and backend whether its test went well.

    Returns:
        Nothing where no report is of a row.
    """
    outcomes: dict[object, str] = {}
    for report in reports:
        # A report of another process has lists where this one wrote tuples.
        noted = [value for key, value in report.user_properties if key == PROPERTY]
        for cell in (tuple(value) for value in noted if isinstance(value, list | tuple)):
            went_well = report.passed and outcomes.get(cell) != "FAILED"
            outcomes[cell] = "ok" if went_well else report.outcome.replace("failed", "FAILED")
    return [*_lines(outcomes)] if outcomes else []


def _lines(outcomes: dict[object, str]) -> Iterator[str]:
    yield f"{'':36}" + "".join(f"{backend:<10}" for backend in LOCAL).rstrip()
    cells = []
    for section, names in ROWS.items():
        for name in names:
            row = [outcomes.get((section, name, backend), "-") for backend in LOCAL]
            cells += row
            yield f"{section:<11}{name:<25}" + "".join(f"{word:<10}" for word in row).rstrip()
    yield f"{cells.count('ok')} of {len(cells)} ok"
