"""What is asked before something is done that costs."""

from dataclasses import replace

from lxdtui.model.server import Server, ServerKind
from lxdtui.store.select import row_of
from lxdtui.ui.forms.questions import Question, question_for, question_on_quit
from tests.ui.fake import NOW, FakeFleet, FakeRemote, production

INCUS = Server(kind=ServerKind.INCUS, version="6.0", is_trusted=True, extensions=frozenset())


def ask(action: str, fleet: FakeFleet, *names: str, server: Server | None = None) -> Question:
    rows = [row for name in names if (row := row_of(fleet.store, fleet.ref(name)))]
    question = question_for(f"instance.{action}", rows, server=server, now=NOW)
    assert question is not None
    return question


def test_deleting_one_asks_for_its_name() -> None:
    question = ask("delete", production(), "db-primary")
    assert question.title == "Delete db-primary in"
    assert question.place == ("prod-eu", "default")
    assert not question.is_home
    assert question.typed == "db-primary"
    assert question.objects[0].state == "running 88 d"
    assert question.objects[0].note == "31 snapshots"
    assert question.consequences.startswith("It is stopped first.")
    assert question.command == "lxc delete --force prod-eu:db-primary"


def test_deleting_several_asks_for_their_number() -> None:
    question = ask("delete", production(), "runner-01", "runner-02", "sandbox-mara")
    assert question.title == "Delete 3 containers in"
    assert question.typed == "3"
    assert question.do == "Delete 3"
    assert [one.note for one in question.objects] == ["no snapshot", "no snapshot", "1 snapshot"]


def test_what_is_stopped_needs_no_force() -> None:
    question = ask("delete", production(), "build-old")
    assert "stopped first" not in question.consequences
    assert question.command == "lxc delete prod-eu:build-old"


def test_the_command_is_that_of_the_servers_own_client() -> None:
    fleet = production(FakeRemote(name="local"))
    question = ask("restart", fleet, "mail", server=INCUS)
    assert question.command == "incus restart mail"
    assert question.is_home
    assert question.typed == ""


def test_there_is_no_command_for_a_server_that_its_client_does_not_know() -> None:
    fleet = production()
    rows = [row for name in ("mail",) if (row := row_of(fleet.store, fleet.ref(name)))]
    question = question_for("instance.delete", rows, server=None, now=NOW, is_named=False)
    assert question is not None
    assert question.command == ""


def test_a_name_cannot_put_words_into_the_command() -> None:
    fleet = FakeFleet(FakeRemote(name="local"))
    fleet.live([fleet.instance("web; rm -rf /\x1b[2J")])
    question = ask("kill", fleet, "web; rm -rf /\x1b[2J")
    assert question.command == "lxc stop --force 'web; rm -rf /␛[2J'"
    assert "\x1b" not in question.title


def test_starting_asks_nothing() -> None:
    fleet = production()
    row = row_of(fleet.store, fleet.ref("mail"))
    assert row is not None
    assert question_for("instance.start", [row], server=None, now=NOW) is None


def test_stopping_asks_where_it_deletes() -> None:
    fleet = FakeFleet(FakeRemote(name="local"))
    kept = fleet.instance("kept")
    fleet.live([kept, replace(fleet.instance("brief"), ephemeral=True)])
    row = row_of(fleet.store, fleet.ref("kept"))
    assert row is not None
    assert question_for("instance.stop", [row], server=None, now=NOW) is None
    for action in ("stop", "kill"):
        question = ask(action, fleet, "brief")
        assert question.consequences.endswith("stopping deletes it, its disks and its snapshots.")
        assert question.is_dangerous
        several = ask(action, fleet, "kept", "brief")
        assert several.consequences.endswith("stopping deletes them: brief.")
    assert "ephemeral" not in ask("kill", fleet, "kept").consequences


def test_quitting_with_shells_open_names_them() -> None:
    question = question_on_quit(["web-01", "web-01"])
    assert question.title == "Quit with 2 open shells?"
    assert [one.name for one in question.objects] == ["web-01", "web-01"]
