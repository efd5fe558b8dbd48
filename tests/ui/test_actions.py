"""The table of actions: complete, consistent, and honest about what is possible."""

from collections import Counter
from collections.abc import Sequence

import pytest

from lxdtui.model.status import StatusCode
from lxdtui.store.select import InstanceRow, row_of
from lxdtui.ui.actions import ACTIONS, Scope, action_by_id, actions_in, bindings, key_label
from tests.ui.fake import FakeFleet


def rows(*states: StatusCode, **config: str) -> Sequence[InstanceRow]:
    fleet = FakeFleet()
    names = [f"web{number}" for number, _ in enumerate(states, 1)]
    fleet.live(
        [
            fleet.instance(name, state, expanded_config=config)
            for name, state in zip(names, states, strict=True)
        ]
    )
    found = [row_of(fleet.store, fleet.ref(name)) for name in names]
    return [row for row in found if row is not None]


RUNNING, STOPPED, FROZEN = StatusCode.RUNNING, StatusCode.STOPPED, StatusCode.FROZEN


def test_ids_are_unique_and_ranks_do_not_meet() -> None:
    assert Counter(action.id for action in ACTIONS).most_common(1)[0][1] == 1
    listed = actions_in(Scope.INSTANCES, Scope.LIST, Scope.FRAME)
    ranks = Counter(action.rank for action in listed if action.rank)
    # Resume takes the place of stop, because a frozen container cannot shut down.
    assert {rank for rank, times in ranks.items() if times > 1} <= {
        action_by_id("instance.stop").rank
    }


def test_a_key_means_one_thing_on_a_screen() -> None:
    for scopes in ((Scope.INSTANCES, Scope.LIST, Scope.FRAME), (Scope.INSTANCES, Scope.FRAME)):
        keys = Counter(key for binding in bindings(*scopes) for key in binding.key.split(","))
        assert [key for key, times in keys.items() if times > 1] == []


def test_the_help_has_one_line_for_each_key_of_the_list() -> None:
    listed = actions_in(Scope.INSTANCES, Scope.LIST, Scope.FRAME)
    assert [action.id for action in listed if len(action.tells) > 51] == []


def test_no_plain_small_letter_stops_or_deletes_a_container() -> None:
    for action in actions_in(Scope.INSTANCES):
        if action.is_dangerous or action.id == "instance.stop":
            assert not any(len(key) == 1 and key.islower() for key in action.keys)


@pytest.mark.parametrize(
    ("action", "states", "reason"),
    [
        ("start", [RUNNING], "web1 is already running"),
        ("start", [FROZEN], "web1 is frozen; F resumes it"),
        ("start", [STOPPED], None),
        ("start", [RUNNING, STOPPED], None),
        ("start", [], "no container is selected"),
        ("stop", [STOPPED], "web1 is already stopped"),
        ("stop", [RUNNING], None),
        ("kill", [STOPPED], "web1 is already stopped"),
        ("kill", [FROZEN], None),
        ("restart", [STOPPED], "web1 is not running; it is stopped"),
        ("freeze", [FROZEN], "web1 is not running; it is frozen"),
        ("unfreeze", [RUNNING], "web1 is not frozen; it is running"),
        ("unfreeze", [FROZEN], None),
        ("shell", [STOPPED], "web1 is not running; it is stopped"),
        ("shell", [RUNNING, RUNNING], "a shell opens in one container at a time"),
        ("delete", [RUNNING], None),
        ("open", [STOPPED], None),
        ("open", [STOPPED, STOPPED], "details show one container at a time"),
    ],
)
def test_why_not(action: str, states: list[StatusCode], reason: str | None) -> None:
    assert action_by_id(f"instance.{action}").why_not(rows(*states)) == reason


def test_what_is_protected_is_not_deleted() -> None:
    protected = rows(STOPPED, **{"security.protection.delete": "true"})
    reason = action_by_id("instance.delete").why_not(protected)
    assert reason == "web1 is protected: security.protection.delete is set"


def test_nothing_is_done_while_the_link_is_lost() -> None:
    fleet = FakeFleet()
    fleet.live([fleet.instance("web1")])
    fleet.lost()
    row = row_of(fleet.store, fleet.ref("web1"))
    assert row is not None
    for name in ("start", "stop", "kill", "restart", "freeze", "delete", "shell"):
        reason = action_by_id(f"instance.{name}").why_not([row])
        assert reason == "the link to prod-eu is lost"


def test_what_is_at_work_can_only_be_killed() -> None:
    fleet = FakeFleet()
    fleet.live([fleet.instance("web1")])
    fleet.work("web1", "Stopping instance")
    row = row_of(fleet.store, fleet.ref("web1"))
    assert row is not None
    assert action_by_id("instance.restart").why_not([row]) == "web1 is stopping"
    assert action_by_id("instance.kill").why_not([row]) is None


@pytest.mark.parametrize(
    ("key", "label"),
    [("enter", "Enter"), ("ctrl+r", "Ctrl-R"), ("slash", "/"), ("D", "D"), ("delete", "Del")],
)
def test_key_label(key: str, label: str) -> None:
    assert key_label(key) == label
