"""HTTPS: certificates are those of the host name, whatever address it has; a real authority, on loopback."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import Code, FetchError
from feedsvc.fetch.certificates import describe
from feedsvc.fetch.client import Client
from feedsvc.fetch.guard import Guard
from feedsvc.model import Fetched
from feedsvc.plugin_api import Request
from tests.conftest import missing
from tests.servers import Exchange, ScriptedServer

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)


def openssl(*arguments: str, folder: Path) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=60)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `ca.pem` and what it signed, each with its key: `news`, `expired`, `address`."""
    if shutil.which("openssl") is None:
        missing("openssl")
    folder = tmp_path_factory.mktemp("authority")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(
        *("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=Test CA"),
        *("-addext", "keyUsage=critical,keyCertSign"),
        folder=folder,
    )
    for name, names, days in (
        ("news", "DNS:news.example", "30"),
        ("expired", "DNS:news.example", "-1"),
        ("address", "IP:127.0.0.1", "30"),
    ):
        (folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=x", folder=folder)
        openssl(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"),
            *("-out", f"{name}.crt", "-days", days, "-extfile", f"{name}.ext"),
            folder=folder,
        )
    return folder


@dataclass
class TLSServer:
    """Shakes hands with one certificate and answers every request with 200; remembers the names asked for."""

    certificate: Path
    names: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(self.certificate, self.certificate.with_suffix(".key"))
        self._context.sni_callback = lambda connection, name, context: self.names.append(name)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            raw.settimeout(10)
            try:
                with self._context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            except OSError:
                raw.close()  # the client did not like the certificate


@pytest.fixture
def server(authority: Path, request: pytest.FixtureRequest) -> Iterator[TLSServer]:
    one = TLSServer(authority / f"{request.param}.crt")
    yield one
    one.close()


def get(server: TLSServer, host: str, authority: Path | None) -> Fetched:
    guard = Guard(own=frozenset({f"{host}:{server.port}"}), lookup=lambda name, port: ["127.0.0.1"])
    bundle = str(authority / "ca.pem") if authority else None
    client = Client(guard, user_agent="t", now=lambda: NOW, ca_bundle=bundle)
    return client.get(Request(url=f"https://{host}:{server.port}/", seconds=20), own=True)


@pytest.mark.parametrize("server", ["news"], indirect=True)
def test_the_certificate_of_the_name_is_taken(server: TLSServer, authority: Path) -> None:
    assert get(server, "news.example", authority).body == b"ok"
    assert server.names == ["news.example"]


@pytest.mark.parametrize(
    ("server", "host"),
    [
        ("news", "other.example"),  # another name at the same address
        ("address", "news.example"),  # the address that was connected to is not who was asked for
        ("expired", "news.example"),
    ],
    indirect=["server"],
)
def test_other_certificates_are_refused(server: TLSServer, authority: Path, host: str) -> None:
    with pytest.raises(FetchError) as caught:
        get(server, host, authority)
    assert caught.value.code is Code.TLS
    assert set(server.names) == {host}
    # a person reads whose it is and until when
    words = "it is for news.example, valid from" if server.certificate.stem != "address" else "valid from"
    assert words in caught.value.message
    if server.certificate.stem == "expired":
        assert "certificate has expired" in caught.value.message
        assert re.search(r"until \d{4}-\d\d-\d\d \d\d:\d\d UTC\)", caught.value.message)


@pytest.mark.parametrize("server", ["news"], indirect=True)
def test_an_unknown_authority_is_refused(server: TLSServer, authority: Path) -> None:
    with pytest.raises(FetchError) as caught:
        get(server, "news.example", None)
    assert caught.value.code is Code.TLS


@given(st.binary(max_size=400))
def test_whatever_a_certificate_is_it_can_be_described(der: bytes) -> None:
    times = b"\x17\x0d251201000000Z\x17\x0d251231235959Z"
    assert isinstance(describe(der), str)
    assert "until 2025-12-31 23:59 UTC" in describe(times + der)
    assert describe(b"\x17\x0d" * 2) == ""


def test_a_name_that_moved_is_judged_anew(upstream: ScriptedServer) -> None:
    """S83: a kept connection leads where it was judged; a new one, to where the name leads now, is judged."""
    answers = [["127.0.0.1"]]
    answered = threading.Event()

    def handler(exchange: Exchange) -> None:
        for _ in range(2):
            exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            if exchange.connection.recv(65536) == b"":
                break
        answered.set()

    upstream.routes["/"] = handler
    guard = Guard(
        ports=frozenset({upstream.port}),
        lookup=lambda host, port: answers[-1],
        networks=(ip_network("127.0.0.1/32"),),
    )
    client = Client(guard, user_agent="t", now=lambda: NOW)
    ask = Request(url=f"http://news.example:{upstream.port}/", seconds=20)
    assert client.get(ask).body == b"ok"
    answers.append(["10.0.0.1"])
    assert client.get(ask).body == b"ok"  # the connection that stands leads where it was judged to lead
    with pytest.raises(FetchError):
        client.get(ask)  # it was closed
    assert answered.wait(20)
    with pytest.raises(FetchError) as caught:
        client.get(ask)
    assert caught.value.code is Code.BLOCKED_ADDRESS
    assert len(upstream.log) == 1
