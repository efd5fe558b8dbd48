"""The container list: what it shows and what its keys do."""

from tests.ui.fake import production
from tests.ui.pilots import app_for, line_with, screen_text, settle


async def test_the_list_shows_every_column_that_fits() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        header, row = line_with(app, "Name ↑"), line_with(app, "db-primary")
    for title in ("Status", "CPU", "Memory", "IPv4", "Snaps", "Up"):
        assert title in header
    assert row.split() == [
        *("●", "db-primary", "running", "88%", "6.2", "GiB", "10.20.4.10", "31", "88", "d")
    ]
    assert header.index("CPU") + 3 == row.index("88%") + 3
    assert header.rstrip().endswith("Up")


async def test_twenty_rows_of_24_show_containers() -> None:
    app = app_for(production())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = screen_text(app).splitlines()
    assert lines[3].split()[2] == "api-01"
    assert lines[22].split()[1] == "runner-03"
    assert "1/28" in lines[1]
