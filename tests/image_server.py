"""A small image server (simplestreams) on the loopback interface, for tests."""

import datetime as dt
import hashlib
import io
import ipaddress
import json
import ssl
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

INDEX = "/streams/v1/index.json"
IMAGES = "/streams/v1/images.json"


class Files:
    """What the server has, and what it was asked for."""

    def __init__(self) -> None:
        self.url = ""
        self.bodies: dict[str, bytes] = {}
        """Body by path."""
        self.headers: dict[str, dict[str, str]] = {}
        """Further headers by path."""
        self.statuses: dict[str, int] = {}
        """Status by path, where it is not 200."""
        self.asked: list[tuple[str, int]] = []
        """Path and status of each answer."""

    def put_json(self, path: str, body: object) -> None:
        self.bodies[path] = json.dumps(body).encode()

    def put_lists(self, products: Mapping[str, Any]) -> None:
        """The index and the one list that it names."""
        entry = {"datatype": "image-downloads", "path": IMAGES[1:], "products": [*products]}
        self.put_json(INDEX, {"format": "index:1.0", "index": {"images": entry}})
        self.put_json(IMAGES, {"format": "products:1.0", "products": products})


@contextmanager
def image_server(certificate: tuple[Path, Path] | None = None) -> Iterator[Files]:
    """Serves files until it is left, by https if there is a certificate and key."""
    files = Files()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = files.bodies.get(self.path)
            status = files.statuses.get(self.path, 200 if body is not None else 404)
            tag = f'"{hashlib.sha256(body or b"").hexdigest()}"'
            if status == 200 and self.headers.get("If-None-Match") == tag:
                status = 304
            content = body or b"" if status == 200 else b""
            files.asked.append((self.path, status))
            self.send_response(status)
            for name, value in files.headers.get(self.path, {}).items():
                self.send_header(name, value)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            try:
                self.wfile.write(content)
            except OSError:  # The client had enough.
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    files.url = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield files
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def server_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA384())
    )
    paths = folder / "server.crt", folder / "server.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def split_image(unified: bytes) -> tuple[bytes, bytes]:
    """Takes a unified image apart into its metadata and its root file system."""
    metadata, root = io.BytesIO(), io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(unified)) as source,
        tarfile.open(fileobj=metadata, mode="w:xz", preset=0) as about,
        tarfile.open(fileobj=root, mode="w:xz", preset=0) as files,
    ):
        for member in source:
            content = source.extractfile(member) if member.isreg() else None
            if member.name == "metadata.yaml":
                about.addfile(member, content)
                continue
            member.name = "." + member.name.removeprefix("rootfs")
            files.addfile(member, content)
    return metadata.getvalue(), root.getvalue()


def put_image(files: Files, unified: bytes, *, alias: str, metadata_type: str) -> str:
    """Offers an image under an alias; returns the fingerprint that it will have."""
    metadata, root = split_image(unified)
    fingerprint = hashlib.sha256(metadata + root).hexdigest()
    files.bodies["/images/meta.tar.xz"] = metadata
    files.bodies["/images/root.tar.xz"] = root
    items = {
        metadata_type: {
            "ftype": metadata_type,
            "path": "images/meta.tar.xz",
            "sha256": hashlib.sha256(metadata).hexdigest(),
            "size": len(metadata),
            "combined_rootxz_sha256": fingerprint,
        },
        "root.tar.xz": {
            "ftype": "root.tar.xz",
            "path": "images/root.tar.xz",
            "sha256": hashlib.sha256(root).hexdigest(),
            "size": len(root),
        },
    }
    product = {
        "aliases": f"{alias},{alias}/default",
        "arch": "amd64",
        "os": "Busybox",
        "release": "1",
        "release_title": "1",
        "variant": "default",
        "versions": {"20260101_00:00": {"items": items}},
    }
    files.put_lists({"busybox:1:amd64:default": product})
    return fingerprint
