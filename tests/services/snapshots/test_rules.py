"""Names, expiries, schedules and pruning: what is computed and not asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from lxdtui.model.snapshot import Snapshot
from lxdtui.services.snapshots.cron import next_run, schedule_problem
from lxdtui.services.snapshots.expiry import after, expression_problem, parse_expiry
from lxdtui.services.snapshots.names import free_name, name_problem, proposed_name
from lxdtui.services.snapshots.prune import plan_prune
from lxdtui.services.snapshots.refusals import hint_for

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("pattern", "taken", "name"),
    [
        ("", [], "snap0"),
        ("", ["snap0", "snap7", "other9", "snapx"], "snap8"),
        ("nightly-%d", ["snap3"], "nightly-0"),
        ("fixed", [], "fixed"),
        ("fixed", ["fixed", "fixed-0"], "fixed-1"),
        ("{{ creation_date|date:'2006-01-02_15-04-05' }}", [], "2026-11-24_12-30-00"),
        ('auto-{{creation_date | date:"20060102"}}-%d', ["auto-20261124-4"], "auto-20261124-5"),
        ("{{ other }}", [], ""),
    ],
)
def test_the_name_is_the_one_that_the_server_would_choose(
    pattern: str, taken: list[str], name: str
) -> None:
    assert proposed_name(pattern, taken, NOW) == name


def test_a_free_name_is_found() -> None:
    assert free_name("web", ["web", "web-2"]) == "web-3"
    assert free_name("web", ["db"]) == "web"


@pytest.mark.parametrize("name", ["a b", "a/b", "..", "x" * 256, "ü" * 128, "a\x1bb", "a\nb"])
def test_names_that_servers_refuse(name: str) -> None:
    assert name_problem(name)
    assert not name_problem("before-1.0_x")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("7d", datetime(2026, 12, 1, 12, 30, tzinfo=UTC)),
        ("1w 2d", datetime(2026, 12, 3, 12, 30, tzinfo=UTC)),
        ("90M", datetime(2026, 11, 24, 14, 0, tzinfo=UTC)),
        ("12h", datetime(2026, 11, 25, 0, 30, tzinfo=UTC)),
        ("3m", datetime(2027, 2, 24, 12, 30, tzinfo=UTC)),
        ("1y", datetime(2027, 11, 24, 12, 30, tzinfo=UTC)),
        ("2026-12-24", datetime(2026, 12, 24, tzinfo=UTC)),
        ("2026-12-24 18:00", datetime(2026, 12, 24, 18, 0, tzinfo=UTC)),
        ("never", None),
        ("", None),
    ],
)
def test_an_expiry_in_words(words: str, moment: datetime | None) -> None:
    assert parse_expiry(words, NOW) == moment


@pytest.mark.parametrize("words", ["0d", "2020-01-01", "soon", "7", "7d later", "999999999y"])
def test_what_is_no_expiry_or_past_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"past|write|too long"):
        parse_expiry(words, NOW)


def test_an_expiry_of_the_server() -> None:
    assert after("1w", NOW) == NOW + timedelta(weeks=1)
    assert after("", NOW) is None
    assert expression_problem("7d 12H") == ""
    assert "7d" in expression_problem("a week")


@pytest.mark.parametrize(
    ("schedule", "moment"),
    [
        ("0 2 * * *", datetime(2026, 11, 25, 2, 0, tzinfo=UTC)),
        ("*/15 * * * *", datetime(2026, 11, 24, 12, 45, tzinfo=UTC)),
        ("0 6-18/6 * * mon-fri", datetime(2026, 11, 24, 18, 0, tzinfo=UTC)),
        ("0 0 29 2 *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("0 0 1 * 0", datetime(2026, 11, 29, tzinfo=UTC)),
        ("0 0 * * 7", datetime(2026, 11, 29, tzinfo=UTC)),
        ("30 12 24 nov *", datetime(2027, 11, 24, 12, 30, tzinfo=UTC)),
    ],
)
def test_the_next_run_of_a_cron_line(schedule: str, moment: datetime) -> None:
    run = next_run(schedule, NOW)
    assert run is not None
    assert (run.at, run.is_exact) == (moment, True)


def test_the_next_run_of_an_alias_is_a_span() -> None:
    run = next_run("@weekly, @hourly", NOW)
    assert run is not None
    assert (run.at, run.is_exact) == (NOW + timedelta(hours=1), False)
    assert next_run("@startup", NOW) is None
    assert next_run("", NOW) is None


@pytest.mark.parametrize(
    "schedule",
    ["@nightly", "0 2 * *", "60 * * * *", "0 0 31 2 *", "5-1 * * * *", "*/0 * * * *", "x * * * *"],
)
def test_what_is_no_schedule(schedule: str) -> None:
    assert schedule_problem(schedule)
    assert next_run(schedule, NOW) is None


def a_snapshot(name: str, days: float | None, size: int = 10) -> Snapshot:
    created = None if days is None else NOW - timedelta(days=days)
    return Snapshot(name=name, created_at=created, expires_at=None, stateful=False, size=size)


SNAPSHOTS = [
    a_snapshot("n1", 1),
    a_snapshot("n9", 9),
    a_snapshot("gold", 90),
    a_snapshot("n5", 5),
    a_snapshot("unknown", None),
]


@pytest.mark.parametrize(
    ("rules", "gone"),
    [
        ({}, []),
        ({"older_than": timedelta(days=4)}, ["gold", "n9", "n5"]),
        ({"keep": 2}, ["gold", "n9", "n5"]),
        ({"keep": 0}, ["gold", "n9", "n5", "n1", "unknown"]),
        ({"keep": 9}, []),
        ({"older_than": timedelta(days=4), "prefix": "n"}, ["n9", "n5"]),
        ({"keep": 1, "prefix": "n"}, ["n9", "n5"]),
        ({"older_than": timedelta(days=4), "keep": 2, "prefix": "n"}, ["n9"]),
    ],
)
def test_pruning_says_what_goes_and_what_stays(
    rules: dict[str, timedelta | int | str], gone: list[str]
) -> None:
    plan = plan_prune(SNAPSHOTS, now=NOW, **rules)  # type: ignore[arg-type]  # test sugar
    assert [one.name for one in plan.go] == gone
    assert {one.name for one in plan.go} | {one.name for one in plan.stay} == {
        one.name for one in SNAPSHOTS
    }
    assert len(plan.go) + len(plan.stay) == len(SNAPSHOTS)


def test_pruning_says_what_is_freed_where_that_is_known() -> None:
    assert plan_prune(SNAPSHOTS, now=NOW, keep=2).freed == 30
    assert plan_prune([a_snapshot("a", 1, size=-1)], now=NOW, keep=0).freed is None


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("Unable to create a stateful snapshot. CRIU isn't installed", "CRIU is installed"),
        (
            "Stateful snapshots require that the instance has migration.stateful be set to true",
            "Set migration.stateful",
        ),
        (
            'Add snapshot info to the database: This "instances_snapshots" entry already exists',
            "exists; choose another",
        ),
        ("UNIQUE constraint failed: instances_snapshots.instance_id", "exists; choose another"),
        ('Add instance info: This "instances" entry already exists', "A container of this name"),
        (
            (
                'Snapshot "s" cannot be restored due to subsequent snapshot(s).'
                " Set zfs.remove_snapshots to override"
            ),
            "delete the newer ones first",
        ),
        ("Snapshot c/zzz does not exist", "deleted or renamed meanwhile"),
        ("Alias already exists: bb", "Choose another alias"),
        ("something else", ""),
    ],
)
def test_refusals_say_what_can_be_done(words: str, hint: str) -> None:
    assert (hint in hint_for(words)) if hint else hint_for(words) == ""
