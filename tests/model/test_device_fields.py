"""What is said of a device before it is sent."""

import pytest

from lxdtui.model.device_fields import DEVICE_TYPES, device_problems


@pytest.mark.parametrize(
    "device",
    [
        {"type": "disk", "path": "/", "pool": "default", "size": "20GiB"},
        {"type": "disk", "path": "/srv", "source": "/srv/www", "readonly": "true"},
        {"type": "nic", "network": "lxdbr0", "hwaddr": "00:16:3e:00:00:01"},
        {"type": "nic", "nictype": "p2p"},
        {"type": "proxy", "listen": "tcp:0.0.0.0:80,443", "connect": "unix:/run/x", "bind": "host"},
        {"type": "unix-char", "source": "/dev/ttyUSB0"},
        {"type": "gpu"},
        {"type": "usb", "vendorid": "046d"},
        {"type": "none"},
    ],
)
def test_nothing_is_said_of_a_good_one(device: dict[str, str]) -> None:
    assert device_problems("dev", device) == ()


@pytest.mark.parametrize(
    ("device", "words"),
    [
        ({}, "nothing is no type"),
        ({"type": "toaster"}, "toaster is no type"),
        ({"type": "disk", "source": "/srv"}, "path is needed"),
        ({"type": "disk", "path": "/srv"}, "source or pool is needed"),
        ({"type": "disk", "path": "srv", "source": "/srv"}, "path must begin with a slash"),
        ({"type": "disk", "path": "/", "pool": "a", "size": "x"}, "size must be a size"),
        ({"type": "disk", "path": "/", "pool": "a", "shift": "x"}, "shift must be true or false"),
        ({"type": "nic"}, "network or nictype is needed"),
        ({"type": "nic", "network": "a", "nictype": "p2p"}, "exclude each other"),
        ({"type": "nic", "nictype": "x"}, "nictype must be one of bridged"),
        ({"type": "nic", "nictype": "p2p", "hwaddr": "x"}, "six pairs of hex digits"),
        ({"type": "proxy", "listen": "80", "connect": "tcp:1:80"}, "listen must be such as"),
        ({"type": "proxy", "listen": "tcp:1:80"}, "connect is needed"),
        ({"type": "unix-block"}, "source or path is needed"),
    ],
)
def test_what_is_wrong_is_said_in_words(device: dict[str, str], words: str) -> None:
    assert any(words in problem for problem in device_problems("dev", device))


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 65])
def test_a_name_that_cannot_be_is_said(name: str) -> None:
    assert "its name must have" in device_problems(name, {"type": "none"})[0]


def test_every_field_is_told() -> None:
    for kind in DEVICE_TYPES.values():
        assert kind.tells
        names = [field.name for field in kind.fields]
        assert len(names) == len(set(names))
        assert all(field.tells and not field.tells.endswith(".") for field in kind.fields)
