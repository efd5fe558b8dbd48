"""The rows of the list: only what is different is read, shown and sorted again."""

from dataclasses import replace

from lxdtui.model.instance import Condition
from lxdtui.model.status import StatusCode
from lxdtui.store import Change
from lxdtui.store.select import SortKey
from lxdtui.store.updates import InstanceGone, InstanceRead
from lxdtui.ui.state.rows import Rows, View
from tests.ui.fake import FakeFleet, production


def names(rows: Rows) -> list[str]:
    return [row.ref.name for row in rows.shown]


def fed(fleet: FakeFleet, rows: Rows) -> None:
    fleet.store.watch(rows.apply)


def test_rows_that_are_equal_stay_the_same_objects() -> None:
    fleet = production()
    rows = Rows(fleet.store)
    before = list(rows.shown)
    ref = fleet.ref("mail")
    rows.apply(Change(frozenset((ref,))))
    assert [row is old for row, old in zip(rows.shown, before, strict=True)] == [True] * 28


def test_one_change_makes_one_new_row() -> None:
    fleet = production()
    rows = Rows(fleet.store)
    fed(fleet, rows)
    before = list(rows.shown)
    stopped = replace(
        fleet.store.state.instances[fleet.ref("mail")], status_code=StatusCode.STOPPED
    )
    fleet.store.apply(InstanceRead(stopped))
    different = [
        new.ref.name for new, old in zip(rows.shown, before, strict=True) if new is not old
    ]
    assert different == ["mail"]
    assert rows.counts[Condition.RUNNING] == 20


def test_what_goes_is_not_shown_any_more() -> None:
    fleet = production()
    rows = Rows(fleet.store)
    fed(fleet, rows)
    fleet.store.apply(InstanceGone(fleet.ref("mail")))
    assert "mail" not in names(rows)
    assert len(rows) == 27


def test_a_filter_takes_words_and_a_condition() -> None:
    fleet = production()
    rows = Rows(fleet.store)
    rows.look(View(words="10.20.4.1 WEB"))
    assert names(rows) == ["web-01", "web-02"]
    rows.look(View(condition=Condition.FROZEN))
    assert names(rows) == ["gitlab-copy"]
    rows.look(View(words="weeb"))
    assert names(rows) == []
    assert len(rows) == 28


def test_a_row_enters_a_filter_when_it_changes() -> None:
    fleet = production()
    rows = Rows(fleet.store)
    fed(fleet, rows)
    rows.look(View(condition=Condition.CHANGING))
    assert names(rows) == ["api-03"]
    fleet.work("mail", "Stopping instance")
    assert names(rows) == ["api-03", "mail"]
    fleet.work("mail", "Stopping instance", code=StatusCode.SUCCESS)
    assert names(rows) == ["api-03"]


def test_a_sorted_column_sorts_again_when_its_values_change() -> None:
    fleet = production()
    rows = Rows(fleet.store)
    fed(fleet, rows)
    rows.look(View(sort=SortKey.MEMORY, reverse=True))
    assert names(rows)[0] == "build-arm"
    fleet.usage("vpn", 1, 100 * 1024**3, "10.20.4.4")
    assert names(rows)[0] == "vpn"


def test_what_was_asked_for_shows_before_the_server_knows() -> None:
    fleet = production()
    rows = Rows(fleet.store)
    rows.set_under_way({fleet.ref("mail"): "stopping"})
    row = next(row for row in rows.shown if row.ref.name == "mail")
    assert row.activity is not None
    assert row.activity.word == "stopping"
    rows.set_under_way({})
    assert next(row for row in rows.shown if row.ref.name == "mail").activity is None


def test_the_work_has_a_word_only_where_it_is_the_same_for_all() -> None:
    fleet = production()
    rows = Rows(fleet.store)
    fed(fleet, rows)
    assert rows.work_word == "starting"
    fleet.work("mail", "Stopping instance")
    assert rows.work_word == ""
