"""Acting on containers that are not what they were when it was asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lxdtui.errors import OperationFailed
from lxdtui.store.updates import InstanceGone, InstanceRead
from lxdtui.ui.dialogs.confirm import ConfirmDialog
from lxdtui.ui.dialogs.error import ErrorDialog
from lxdtui.ui.screens.instances import InstancesScreen
from tests.ui.fake import FakeFleet
from tests.ui.pilots import app_for, screen_text, settle, until


def fleet_of_one(*, ephemeral: bool = False) -> FakeFleet:
    fleet = FakeFleet()
    fleet.live([fleet.instance("web1", ephemeral=ephemeral)])
    return fleet


@pytest.mark.parametrize("keys", ["K", "D"])
async def test_another_one_of_that_name_is_left_alone(keys: str) -> None:
    fleet = fleet_of_one()
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        await pilot.press(keys)
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        known = fleet.store.state.instances[fleet.ref("web1")]
        fleet.store.apply(InstanceGone(known.ref))
        assert known.created_at is not None
        later = known.created_at + timedelta(days=1)
        fleet.store.apply(InstanceRead(replace(known, created_at=later)))
        await pilot.press(*("web1" if keys == "D" else ""), "enter")
        await until(pilot, lambda: "web1 was made anew" in screen_text(app))
    assert fleet.instances.orders == []


async def test_another_one_of_that_name_is_left_alone_after_a_failure() -> None:
    fleet = fleet_of_one()
    ref = fleet.ref("web1")
    app = app_for(fleet)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await settle(pilot)
        fleet.instances.errors["stop"] = OperationFailed("stop web1", "it does not shut down")
        await pilot.press("T")
        await until(pilot, lambda: isinstance(app.screen, ErrorDialog))
        known = fleet.store.state.instances[ref]
        assert known.created_at is not None
        fleet.store.apply(InstanceGone(ref))
        later = known.created_at + timedelta(days=1)
        fleet.store.apply(InstanceRead(replace(known, created_at=later)))
        await pilot.press("K")
        await until(pilot, lambda: "web1 was made anew" in screen_text(app))
    assert fleet.instances.orders == [("stop", ref, False)]


@pytest.mark.parametrize("answer", ["escape", "enter"])
async def test_stopping_what_is_deleted_by_that_asks_first(answer: str) -> None:
    fleet = fleet_of_one(ephemeral=True)
    app = app_for(fleet)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("T")
        await until(pilot, lambda: "stopping deletes it" in screen_text(app))
        assert fleet.instances.orders == []
        await pilot.press(answer)
        await until(pilot, lambda: isinstance(app.screen, InstancesScreen))
        await settle(pilot)
    stopped = [("stop", fleet.ref("web1"), False)]
    assert fleet.instances.orders == (stopped if answer == "enter" else [])
