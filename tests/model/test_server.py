import pytest

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.server import Server, ServerKind
from tests.recorded import metadata


@pytest.mark.parametrize(
    ("server", "kind", "label"),
    [
        ("lxd-5.0.2", ServerKind.LXD, "LXD 5.0.2"),
        ("incus-6.0.4", ServerKind.INCUS, "Incus 6.0.4"),
    ],
)
def test_recorded_server_is_read(server: str, kind: ServerKind, label: str) -> None:
    found = Server.from_api(metadata(server, "server-get"))
    assert found.kind is kind
    assert found.label == label
    assert found.is_trusted
    assert not found.is_clustered
    assert found.project == "default"
    assert len(found.fingerprint) == 64
    assert found.has("instance_get_full")
    assert not found.has("made_up")


def test_untrusted_client_is_told_no_version_but_the_kind_shows() -> None:
    found = Server.from_api(metadata("incus-6.0.4", "server-untrusted"))
    assert not found.is_trusted
    assert found.label == "Incus"


def test_server_of_the_wrong_type_is_unexpected() -> None:
    with pytest.raises(UnexpectedResponse):
        Server.from_api({"environment": []})
