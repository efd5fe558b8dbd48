"""A server and how it is called."""

from pathlib import Path

import pytest

from lxdtui.api import Endpoint
from lxdtui.services import Remote


@pytest.mark.parametrize(
    ("name", "endpoint", "is_named_by_address"),
    [
        ("prod", Endpoint.parse("https://prod.example:8443"), False),
        ("prod.example", Endpoint.parse("https://prod.example:8443"), True),
        ("10.0.0.1:9000", Endpoint.parse("https://10.0.0.1:9000"), True),
        ("local", Endpoint(socket=Path("/run/incus/unix.socket")), False),
    ],
)
def test_a_name_that_is_an_address_is_told_from_a_name(
    name: str, endpoint: Endpoint, is_named_by_address: bool
) -> None:
    remote = Remote(name=name, endpoint=endpoint)
    assert remote.is_named_by_address is is_named_by_address
