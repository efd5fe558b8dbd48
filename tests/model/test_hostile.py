"""Whatever JSON a server sends, reading it gives a value or UnexpectedResponse."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lxdtui.errors import UnexpectedResponse
from lxdtui.model.event import parse_event
from lxdtui.model.image import Image
from lxdtui.model.instance import Instance
from lxdtui.model.operation import Operation
from lxdtui.model.server import Server
from lxdtui.model.snapshot import Snapshot
from lxdtui.model.state import InstanceState
from tests.recorded import SERVERS, events, metadata

_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(alphabet=st.characters(exclude_categories=()), max_size=8)
    | st.sampled_from(["//[", "/1.0/instances/x", "2026-01-01T00:00:00Z", "9%_progress"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)

Parse = Callable[[object], object]


def _read_operation(body: object) -> object:
    operation = Operation.from_api(body, remote="r")
    operation.supersedes(operation)
    return operation.progress


def _read_instance(body: object) -> object:
    instance = Instance.from_api(body, remote="r")
    return instance.condition, instance.image_description, instance.ref.path


_SAMPLES: list[tuple[Parse, list[Any]]] = [
    (_read_instance, [metadata(server, "instance-get") for server in SERVERS]),
    (InstanceState.from_api, [metadata(server, "state-running-nic-limits") for server in SERVERS]),
    (Snapshot.from_api, [metadata("lxd-5.0.2", "snapshots-list-recursion1")[0]]),
    (Image.from_api, [metadata(server, "image-get")[0] for server in SERVERS]),
    (Server.from_api, [metadata(server, "server-get") for server in SERVERS]),
    (_read_operation, [frame["metadata"] for frame in events("lxd-5.0.2", "operation")]),
    (lambda body: parse_event(body, remote="r"), events("incus-6.0.4")),
]
_READERS = [parse for parse, _ in _SAMPLES]


@pytest.mark.parametrize("parse", _READERS)
@given(body=_JSON)
@settings(max_examples=40)
def test_arbitrary_json(parse: Parse, body: object) -> None:
    with suppress(UnexpectedResponse):
        parse(body)


@st.composite
def _damaged(draw: st.DrawFn, bodies: list[Any]) -> Any:
    """A recorded body in which one value, at any depth, is something else."""
    return _damage(draw, draw(st.sampled_from(bodies)))


def _damage(draw: st.DrawFn, body: Any) -> Any:
    if isinstance(body, dict) and body and draw(st.integers(0, 4)):
        key = draw(st.sampled_from(sorted(body)))
        if draw(st.integers(0, 5)) == 0:
            return {name: value for name, value in body.items() if name != key}
        return {**body, key: _damage(draw, body[key])}
    if isinstance(body, list) and body and draw(st.integers(0, 4)):
        return [_damage(draw, body[0]), *body[1:]]
    return draw(_JSON)


@pytest.mark.parametrize(("parse", "bodies"), _SAMPLES)
@given(data=st.data())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_recorded_body_with_one_strange_value(
    parse: Parse, bodies: list[Any], data: st.DataObject
) -> None:
    with suppress(UnexpectedResponse):
        parse(data.draw(_damaged(bodies)))
