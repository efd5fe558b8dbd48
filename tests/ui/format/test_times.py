from datetime import UTC, datetime, timedelta

import pytest

from lxdtui.ui.format.times import age, age_since, day_and_minute, seconds_to

MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (HOUR - 1, "59 min"),
        (47 * HOUR, "47 h"),
        (2 * DAY, "2 d"),
        (1094 * DAY, "1094 d"),
        (3 * 365 * DAY, "3 y"),
    ],
)
def test_age(seconds: float, words: str) -> None:
    assert age(seconds) == words


def test_never_has_no_age() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    assert age_since(None, now) == ""
    assert age_since(now - timedelta(hours=6), now) == "6 h"
    assert day_and_minute(None) == ""


@pytest.mark.parametrize(("at", "seconds"), [(104.0, 4), (103.2, 4), (100.0, 0), (90.0, 0)])
def test_seconds_to(at: float, seconds: int) -> None:
    assert seconds_to(at, 100.0) == seconds
