"""The page with the configuration: what it shows, and every way of a change."""

from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from lxdtui.errors import ConnectionFailed, ConnectionProblem, OperationFailed, Unauthorized
from lxdtui.model.configuration import Configuration
from lxdtui.model.profile import Profile
from lxdtui.store.updates import InstanceGone
from lxdtui.ui.app import LxdTuiApp
from lxdtui.ui.dialogs.config_changes import ChangesDialog, ConflictDialog
from lxdtui.ui.dialogs.config_text import TextDialog
from lxdtui.ui.dialogs.config_value import ValueDialog
from lxdtui.ui.dialogs.device import DeviceDialog
from lxdtui.ui.dialogs.profiles import ProfilesDialog
from lxdtui.ui.host.lending import CannotLend
from lxdtui.ui.screens.instance import InstanceScreen
from lxdtui.ui.widgets.row_table import RowTable
from tests.ui.configured import NAME, configured, open_page, press, shows, tells, top, type_in
from tests.ui.fake import FakeFleet
from tests.ui.pilots import app_for, line_with, screen_text, settle

SIZE = (120, 40)


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Enter count at once: the tests look at each dialog before they answer it."""
    monkeypatch.setattr("lxdtui.ui.app._HASTE_SECONDS", 0)


def config_of(fleet: FakeFleet) -> dict[str, str]:
    return dict(fleet.store.state.instances[fleet.ref(NAME)].config)


async def at_key(pilot: Pilot[None], key: str) -> None:
    """Put the cursor on a key."""
    pilot.app.screen.query_one(RowTable).move_to_id(key)
    await settle(pilot)
    assert pilot.app.screen.query_one(RowTable).cursor_id == key


async def set_value(pilot: Pilot[None], key: str, value: str) -> None:
    """Change a key up to the difference."""
    await at_key(pilot, key)
    await press(pilot, "enter")
    assert isinstance(top(pilot.app), ValueDialog)
    pilot.app.screen.query_one(Input).value = value
    await press(pilot, "enter")


async def opened(pilot: Pilot[None], fleet: FakeFleet) -> InstanceScreen:
    return await open_page(pilot, fleet, "configuration")


def app_of(fleet: FakeFleet) -> LxdTuiApp:
    return app_for(fleet)


async def test_each_value_says_who_set_it_and_changes_appear_by_themselves() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        assert "local" in line_with(app, "limits.memory ")
        schedule = line_with(app, "snapshots.schedule ")
        assert "database" in schedule
        assert "restart" in schedule
        assert "volatile" not in screen_text(app)
        await at_key(pilot, "limits.cpu")
        assert "Hides 2 of database" in screen_text(app)
        known = Configuration.of(fleet.store.state.instances[fleet.ref(NAME)])
        fleet.configuration.known["database"] = Profile(
            name="database", config={"user.new": "from the profile"}
        )
        fleet.configuration.put(fleet.ref(NAME), known.with_key("limits.memory", "9GiB"))
        await shows(pilot, "9GiB")
        await shows(pilot, "from the profile")
        assert "database" in line_with(app, "user.new ")


async def test_views_filter_and_secrets() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        assert "hidden" in line_with(app, "environment.DB_PASSWORD ")
        await press(pilot, "x")
        assert "hunter2" in line_with(app, "environment.DB_PASSWORD ")
        assert "#cloud-config  (3 lines)" in screen_text(app)
        await press(pilot, "x", "v")
        assert "snapshots.schedule" not in screen_text(app)
        await press(pilot, "v")
        assert "not set" in line_with(app, "boot.autostart.delay")
        await press(pilot, "v")
        assert "volatile.idmap.base" in screen_text(app)
        await press(pilot, "v", "slash")
        await type_in(pilot, "database")
        assert "user.owner" not in screen_text(app)
        assert "snapshots.expiry" in screen_text(app)
        await press(pilot, "enter", "escape")
        assert "user.owner" in screen_text(app)
        await press(pilot, "slash")
        await type_in(pilot, "hunter")
        assert "Nothing matches hunter." in screen_text(app)
        await press(pilot, "escape")
        assert isinstance(top(app), InstanceScreen)


async def test_a_key_is_changed_after_its_difference_was_seen() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await set_value(pilot, "limits.memory", "16GiB")
        assert isinstance(top(app), ChangesDialog)
        assert "8GiB › 16GiB" in screen_text(app)
        assert "lxc config set prod-eu:db-primary limits.memory=16GiB" in screen_text(app)
        await press(pilot, "b")
        assert app.screen.query_one(Input).value == "16GiB"
        await press(pilot, "enter", "enter")
        assert config_of(fleet)["limits.memory"] == "16GiB"
        assert "volatile.idmap.base" in config_of(fleet)
        await tells(pilot, "db-primary changed")
        await press(pilot, "enter", "enter")
        await tells(pilot, "Nothing was changed")
        assert len(fleet.configuration.saved) == 1


async def test_a_choice_is_made_by_its_letter_and_a_late_effect_is_told() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await at_key(pilot, "security.privileged")
        await press(pilot, "enter", "t", "enter")
        assert "will take effect at the next start" in screen_text(app)
        await press(pilot, "enter")
        assert config_of(fleet)["security.privileged"] == "true"


async def test_a_refusal_brings_the_value_back_with_the_server_s_words() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        lost = ConnectionFailed("change it", ConnectionProblem.LOST, "connection reset")
        words = "Invalid config: Invalid value: much"
        fleet.configuration.errors = [OperationFailed("change it", words), lost]
        await set_value(pilot, "limits.memory", "much")
        assert "must be a size" in screen_text(app)
        await press(pilot, "enter")
        assert isinstance(top(app), ValueDialog)
        assert words in screen_text(app)
        field = app.screen.query_one(Input)
        assert field.value == "much"
        field.value = "5GiB"
        await press(pilot, "enter", "enter")
        assert "connection reset" in screen_text(app)
        assert app.screen.query_one(Input).value == "5GiB", "the link was lost, not the value"
        await press(pilot, "enter", "enter")
        assert config_of(fleet)["limits.memory"] == "5GiB"


async def test_changes_of_two_people_that_do_not_touch_are_merged() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await set_value(pilot, "limits.memory", "16GiB")
        theirs = Configuration.of(fleet.store.state.instances[fleet.ref(NAME)])
        fleet.configuration.put(fleet.ref(NAME), theirs.with_key("user.owner", "ines"))
        await press(pilot, "enter")
        assert isinstance(top(app), ConflictDialog)
        assert "mara › ines" in screen_text(app)
        assert "8GiB › 16GiB" in screen_text(app)
        assert not fleet.configuration.saved
        await press(pilot, "enter")
        assert isinstance(top(app), ChangesDialog)
        assert "ines" not in screen_text(app), "theirs is there already"
        await press(pilot, "enter")
        assert config_of(fleet)["limits.memory"] == "16GiB"
        assert config_of(fleet)["user.owner"] == "ines"


async def test_changes_of_the_same_key_are_chosen_or_edited() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await set_value(pilot, "limits.memory", "16GiB")
        theirs = Configuration.of(fleet.store.state.instances[fleet.ref(NAME)])
        fleet.configuration.put(fleet.ref(NAME), theirs.with_key("limits.memory", "12GiB"))
        await press(pilot, "enter")
        assert "Both changed 1 value: limits.memory" in screen_text(app)
        await press(pilot, "enter")
        assert isinstance(top(app), ConflictDialog), "Enter chooses nobody"
        await press(pilot, "escape")
        assert app.screen.query_one(Input).value == "16GiB"
        await press(pilot, "enter")
        assert "12GiB › 16GiB" in screen_text(app)
        fleet.configuration.put(fleet.ref(NAME), theirs.with_key("limits.memory", "13GiB"))
        await press(pilot, "enter", "t")
        await tells(pilot, "Nothing was changed")
        assert config_of(fleet)["limits.memory"] == "13GiB"


async def test_what_was_typed_for_a_container_that_is_gone_can_still_be_read() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await set_value(pilot, "limits.memory", "16GiB")
        fleet.store.apply(InstanceGone(fleet.ref(NAME)))
        await press(pilot, "enter")
        assert "It was deleted or renamed meanwhile." in screen_text(app)
        assert app.screen.query_one(Input).value == "16GiB"


async def test_the_whole_is_changed_as_yaml_and_wrong_yaml_comes_back() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await press(pilot, "E")
        assert isinstance(top(app), TextDialog)
        area = app.screen.query_one(TextArea)
        assert "volatile" not in area.text
        good = area.text.replace("owner: mara", "owner: ines  # since today")
        area.text = good.replace("config:", "config:\n\twrong: 1")
        await press(pilot, "ctrl+s")
        assert "Line 6 cannot be read" in screen_text(app)
        app.screen.query_one(TextArea).text = good
        fleet.configuration.errors = [OperationFailed("change it", "Not today")]
        await press(pilot, "ctrl+s")
        assert "mara › ines" in screen_text(app)
        await press(pilot, "enter")
        assert "Not today" in screen_text(app)
        assert app.screen.query_one(TextArea).text == good, "with its comment"
        await press(pilot, "escape")
        assert isinstance(top(app), TextDialog), "nothing is thrown away at once"
        await press(pilot, "ctrl+s", "enter")
        assert config_of(fleet)["user.owner"] == "ines"
        assert "volatile.idmap.base" in config_of(fleet)


async def test_text_of_several_lines_has_its_own_editor() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await at_key(pilot, "cloud-init.user-data")
        await press(pilot, "enter")
        area = app.screen.query_one(TextArea)
        assert "lines hidden until you ask" in screen_text(app)
        await press(pilot, "ctrl+s", "ctrl+e")
        assert "postgresql" not in screen_text(app), "nothing is shown that was not asked for"
        await press(pilot, "ctrl+r")
        assert "postgresql" in screen_text(app)
        area.text = area.text.replace("postgresql", "mariadb")
        await press(pilot, "ctrl+s")
        assert "hidden › hidden" in screen_text(app)
        await press(pilot, "x")
        assert "-   - postgresql" in screen_text(app)
        assert "+   - mariadb" in screen_text(app)
        await press(pilot, "enter")
        assert "mariadb\n" in config_of(fleet)["cloud-init.user-data"]


async def test_secrets_stay_hidden_in_the_yaml_and_come_back_whole() -> None:
    fleet = configured()
    app = app_of(fleet)
    before = config_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await press(pilot, "E")
        area = app.screen.query_one(TextArea)
        assert "postgresql" not in area.text
        assert "look like secrets and are hidden" in screen_text(app)
        area.text = area.text.replace("owner: mara", "owner: ines")
        await press(pilot, "ctrl+s")
        assert "mara › ines" in screen_text(app)
        assert "hidden › " not in screen_text(app), "nothing else changes"
        await press(pilot, "b")
        area = app.screen.query_one(TextArea)
        area.text = area.text.replace("<hidden 1>", "<hidden 1>!")
        await press(pilot, "ctrl+s")
        assert "stands for a hidden value only alone" in screen_text(app)
        area = app.screen.query_one(TextArea)
        area.text = area.text.replace("<hidden 1>!", "<hidden 1>")
        area.move_cursor((area.text.split("\n").index("  user.owner: ines"), 3))
        await press(pilot, "ctrl+r")
        assert "postgresql" in area.text
        assert "owner: ines" in area.document.get_line(area.cursor_location[0])
        await press(pilot, "ctrl+s", "enter")
        assert config_of(fleet) == {**before, "user.owner": "ines"}


async def test_a_key_is_added_by_what_it_does_and_unset_again() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await press(pilot, "a")
        await type_in(pilot, "seccomp")
        await press(pilot, "enter")
        assert isinstance(top(app), TextDialog)
        await press(pilot, "escape", "a")
        await type_in(pilot, "limits.pr")
        await press(pilot, "enter")
        assert isinstance(top(app), ValueDialog)
        await type_in(pilot, "500")
        await press(pilot, "enter", "enter")
        assert config_of(fleet)["limits.processes"] == "500"
        assert app.screen.query_one(RowTable).cursor_id == "limits.processes"
        await press(pilot, "u")
        assert "lxc config unset prod-eu:db-primary limits.processes" in screen_text(app)
        await press(pilot, "enter")
        assert "limits.processes" not in config_of(fleet)


async def test_a_profile_itself_is_changed_and_nothing_typed_is_lost() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await press(pilot, "P", "down", "down", "space", "e")
        assert isinstance(top(app), TextDialog)
        area = app.screen.query_one(TextArea)
        assert "autostart: 'true'" in area.text
        assert "architecture" not in area.text
        text = area.text.replace("autostart: 'true'", "autostart: 'false'  # not now")
        area.text = text.replace("config:", "ephemeral: true\nconfig:")
        await press(pilot, "ctrl+s")
        assert "ephemeral is no field" in screen_text(app)
        app.screen.query_one(TextArea).text = text
        fleet.configuration.profiles.errors = [OperationFailed("change it", "Not today")]
        await press(pilot, "ctrl+s")
        assert "Change the profile web in prod-eu › default?" in screen_text(app)
        assert "true › false" in screen_text(app)
        assert "lxc profile edit prod-eu:web" in screen_text(app)
        await press(pilot, "enter")
        assert "Not today" in screen_text(app)
        assert app.screen.query_one(TextArea).text == text, "with its comment"
        web = fleet.configuration.known["web"]
        theirs = replace(web, config={**web.config, "boot.autostart": "x", "user.a": "b"})
        fleet.configuration.known["web"] = theirs
        await press(pilot, "ctrl+s", "enter")
        assert "The profile web was changed by somebody else meanwhile" in screen_text(app)
        await press(pilot, "escape")
        assert "your change is below" in screen_text(app)
        await press(pilot, "ctrl+s", "enter")
        await tells(pilot, "The profile web was changed")
        held = fleet.configuration.known["web"].config
        assert held == {**theirs.config, "boot.autostart": "false"}
        assert isinstance(top(app), ProfilesDialog)
        assert "✓ 3 web" in screen_text(app), "what was chosen before stays chosen"


async def test_an_unknown_key_is_said_before_it_is_sent() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await press(pilot, "a")
        await type_in(pilot, "limits.wishes")
        assert "Not known here" in screen_text(app)
        await press(pilot, "enter")
        await type_in(pilot, "3")
        await press(pilot, "enter")
        assert "limits.wishes is not known to this program; the server decides." in screen_text(app)
        words = "Invalid config: Unknown configuration key: limits.wishes"
        fleet.configuration.errors = [OperationFailed("change it", words)]
        await press(pilot, "enter")
        assert words in screen_text(app)
        await press(pilot, "escape")
        assert "limits.wishes" not in config_of(fleet)


async def test_what_cannot_be_unset_says_why() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await at_key(pilot, "snapshots.expiry")
        await press(pilot, "u")
        await tells(pilot, "is set by database, not by the instance itself")
        await press(pilot, "v", "v", "v")
        await at_key(pilot, "volatile.idmap.base")
        await press(pilot, "u")
        await tells(pilot, "the server needs it for itself")
        await press(pilot, "enter")
        assert isinstance(top(app), TextDialog)
        assert app.screen.query_one(TextArea).read_only


async def test_profiles_are_chosen_ordered_and_their_effect_is_seen() -> None:
    fleet = configured()
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await press(pilot, "P", "down", "down", "space")
        assert "boot.autostart = true" in screen_text(app)
        await press(pilot, "left_square_bracket", "enter")
        text = screen_text(app)
        assert "default, database › default, web, database" in text
        assert "In force then" in text
        assert "+ boot.autostart" in text
        assert "limits.cpu" not in text.split("In force then")[1].split("Same as")[0]
        assert "lxc profile assign prod-eu:db-primary default,web,database" in text
        await press(pilot, "enter")
        instance = fleet.store.state.instances[fleet.ref(NAME)]
        assert instance.profiles == ("default", "web", "database")
        assert "web" in line_with(app, "boot.autostart ")


async def test_profiles_that_cannot_be_read_cost_no_value() -> None:
    fleet = configured()
    fleet.configuration.read_error = Unauthorized("list profiles", "not authorized", status=403)
    app = app_of(fleet)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        assert "profiles: not authorized" in screen_text(app)
        assert "a profile" in line_with(app, "snapshots.expiry ")
        await at_key(pilot, "limits.memory")
        await press(pilot, "enter")
        await shows(pilot, "Cannot list profiles")


async def test_a_hostile_configuration_does_no_harm() -> None:
    fleet = configured()
    bad = "\x1b]52;c;aGk=\x07[bold]x[/] \N{RIGHT-TO-LEFT OVERRIDE}\x9b2J"
    hostile = Profile(
        name=bad,
        description=bad,
        config={f"user.{bad}": bad},
        devices={bad: {"type": bad, bad: bad}},
    )
    fleet.configuration.known[bad] = hostile
    fleet.configuration.pools = (bad,)
    fleet.configuration.put(
        fleet.ref(NAME),
        Configuration(
            config={"user.a": bad, "user.b": f"one\n{bad}", "limits.memory": "1GiB"},
            devices={"a": {"type": "disk", "path": bad}},
            description=bad,
            profiles=("default", bad),
        ),
    )
    app = app_of(fleet)

    def harmless() -> str:
        text = screen_text(app)
        assert all(character.isprintable() or character == "\n" for character in text)
        return text

    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        assert "[bold]x[/]" in harmless()
        for key in ("user.a", "user.b"):
            await at_key(pilot, key)
            await press(pilot, "enter")
            assert "It holds characters that cannot be shown" in harmless()
            await press(pilot, "escape")
        await press(pilot, "P", "down")
        harmless()
        await press(pilot, "space", "enter")
        assert "lxc profile assign prod-eu:db-primary default" in harmless()
        fleet.configuration.errors = [OperationFailed(bad, bad)]
        await press(pilot, "enter")
        harmless()
        await press(pilot, "escape", "E")
        area = app.screen.query_one(TextArea)
        assert "\\e]52" in area.text
        harmless()
        area.text = area.text.replace("1GiB", "2GiB")
        await press(pilot, "ctrl+s", "enter")
        assert config_of(fleet)["limits.memory"] == "2GiB"
        assert config_of(fleet)["user.a"] == bad, "and the rest is what it was"
        await press(pilot, "4")
        harmless()
        await press(pilot, "enter")
        await tells(pilot, "it holds characters that cannot be shown")
        await press(pilot, "a", "enter")
        harmless()


@pytest.mark.parametrize("size", [(80, 24), (70, 18)])
async def test_the_buttons_are_seen_on_a_low_screen(size: tuple[int, int]) -> None:
    fleet = configured()
    for number in range(20):
        name = f"profile-{number:02}"
        fleet.configuration.known[name] = Profile(name=name)
    app = app_of(fleet)
    async with app.run_test(size=size) as pilot:
        await opened(pilot, fleet)
        await press(pilot, "P")
        assert "Enter  Next" in screen_text(app)
        await press(pilot, "escape", "E")
        area = app.screen.query_one(TextArea)
        keys = "".join(f"\n  limits.wish{number}: '1'" for number in range(30))
        area.text = area.text.replace("config:", f"config:{keys}")
        await press(pilot, "ctrl+s")
        assert "Enter  Send" in screen_text(app)
        theirs = Configuration.of(fleet.store.state.instances[fleet.ref(NAME)])
        fleet.configuration.put(fleet.ref(NAME), theirs.with_key("user.owner", "ines"))
        await press(pilot, "enter")
        assert "Enter  Keep both" in screen_text(app)
        await press(pilot, "escape", "escape", "escape", "4", "enter")
        assert isinstance(top(app), DeviceDialog)
        assert "Enter  Next" in screen_text(app)
        await press(pilot, *["tab"] * 10)
        assert "more" in screen_text(app), "the field with the focus is in view"


async def test_the_user_s_own_editor_gets_the_text_and_gives_it_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fleet = configured()
    app = app_of(fleet)
    given: list[tuple[bytes, str]] = []
    answers: list[tuple[bytes, int] | CannotLend] = [
        CannotLend("there is no terminal to lend"),
        (b"\xff", 0),
        (b"description: from outside\nprofiles: [default]\n", 0),
    ]

    async def edit(_app: object, content: bytes, path: str) -> tuple[bytes, int]:
        given.append((content, path))
        answer = answers.pop(0)
        if isinstance(answer, CannotLend):
            raise answer
        return answer

    monkeypatch.setattr("lxdtui.ui.dialogs.config_text.edit_outside", edit)
    async with app.run_test(size=SIZE) as pilot:
        await opened(pilot, fleet)
        await press(pilot, "E")
        text = app.screen.query_one(TextArea).text
        await press(pilot, "ctrl+e")
        await tells(pilot, "there is no terminal to lend")
        await press(pilot, "ctrl+e")
        await tells(pilot, "what it left is no UTF-8")
        assert app.screen.query_one(TextArea).text == text
        await press(pilot, "ctrl+e")
        assert app.screen.query_one(TextArea).text.startswith("description: from outside")
        assert given == [(text.encode(), "Configuration.yaml")] * 3
