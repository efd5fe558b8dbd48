import ssl
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lxdtui.api.endpoint import Endpoint, local_sockets
from lxdtui.errors import ConfigError
from tests.lab.certificates import make_certificate


@pytest.mark.parametrize(
    ("text", "socket"),
    [
        ("/run/x.socket", "/run/x.socket"),
        ("/run/a%2Fb", "/run/a%2Fb"),
        ("unix:///run/x.socket", "/run/x.socket"),
        ("unix:/run/x.socket", "/run/x.socket"),
        ("http+unix://%2Frun%2Fx.socket", "/run/x.socket"),
        ("http+unix://%2frun%2fa%20b.socket", "/run/a b.socket"),
    ],
)
def test_sockets(text: str, socket: str) -> None:
    endpoint = Endpoint.parse(text)
    assert endpoint == Endpoint(socket=Path(socket))
    assert endpoint.place == f"unix:{socket}"
    assert endpoint.is_verified
    assert endpoint.ssl_context() is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://host", "https://host:8443"),
        ("https://host:1234", "https://host:1234"),
        ("https://HOST/", "https://host:8443"),
        ("https://192.0.2.7:8443", "https://192.0.2.7:8443"),
        ("https://[2001:db8::7]", "https://[2001:db8::7]:8443"),
        ("https://[2001:db8::7]:443", "https://[2001:db8::7]:443"),
    ],
)
def test_urls(text: str, url: str) -> None:
    endpoint = Endpoint.parse(text, cert=("a.crt", "a.key"), verify="server.crt")
    assert endpoint.url == endpoint.place == url
    assert endpoint.cert == (Path("a.crt"), Path("a.key"))
    assert endpoint.verify == Path("server.crt")
    assert endpoint.is_verified
    assert not Endpoint.parse(text, verify=False).is_verified


@pytest.mark.parametrize(
    "text",
    [
        "",
        "host",
        "host:8443",
        "http://host:8443",
        "ftp://host",
        "https://",
        "https://:8443",
        "https://host:port",
        "https://host:99999",
        "https://[::1",
        "unix://",
        "http+unix://",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ConfigError, match="Cannot use the address"):
        Endpoint.parse(text)


@given(st.text())
def test_any_text_is_an_address_or_a_config_error(text: str) -> None:
    for prefix in ("", "https://", "unix://", "http+unix://"):
        try:
            endpoint = Endpoint.parse(prefix + text)
        except ConfigError:
            continue
        assert endpoint.socket or endpoint.url


_SYSTEM = [
    "/var/snap/lxd/common/lxd/unix.socket",
    "/var/lib/lxd/unix.socket",
    "/run/incus/unix.socket",
    "/var/lib/incus/unix.socket",
]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, _SYSTEM),
        ({"LXD_SOCKET": "", "LXD_DIR": ""}, _SYSTEM),
        ({"LXD_SOCKET": "/a.socket"}, ["/a.socket"]),
        ({"LXD_DIR": "/a"}, ["/a/unix.socket"]),
        ({"LXD_DIR": "/a", "LXD_SOCKET": "/s"}, ["/s", "/a/unix.socket"]),
        ({"INCUS_DIR": "/i"}, ["/i/unix.socket"]),
        ({"INCUS_SOCKET": "/i.socket", "LXD_DIR": "/a"}, ["/a/unix.socket", "/i.socket"]),
    ],
)
def test_local_sockets_in_their_order(environ: dict[str, str], expected: list[str]) -> None:
    assert [str(path) for path in local_sockets(environ)] == expected


def test_tls_is_new_enough_and_never_speaks_http2(tmp_path: Path) -> None:
    certificate, key = make_certificate(tmp_path, "client")
    options: list[dict[str, Any]] = [
        {},
        {"verify": False},
        {"verify": certificate, "cert": (certificate, key)},
    ]
    contexts = [Endpoint.parse("https://host", **option).ssl_context() for option in options]
    for context in contexts:
        assert context is not None
        assert context.minimum_version == ssl.TLSVersion.TLSv1_3
    by_authorities, unverified, pinned = contexts
    assert by_authorities is not None
    assert unverified is not None
    assert pinned is not None
    assert by_authorities.check_hostname
    assert unverified.verify_mode == ssl.CERT_NONE
    assert pinned.verify_mode == ssl.CERT_REQUIRED
    assert not pinned.check_hostname
    assert len(pinned.get_ca_certs()) <= 1


def test_certificate_that_is_none(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.crt"
    wrong.write_text("no certificate")
    for options in ({"verify": wrong}, {"cert": (wrong, wrong)}, {"verify": tmp_path / "missing"}):
        endpoint = Endpoint.parse("https://host", **options)
        with pytest.raises(ConfigError, match="https://host"):
            endpoint.ssl_context()
