"""`feedsvc doctor`: what an operator is told of the world around the service."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli.main import main
from feedsvc.fetch.certificate import certificate_of
from feedsvc.fetch.guard import Guard
from tests.servers import ScriptedServer

CONFIG = """[site]
title = "Harbour Gazette"
url = "{url}"
contact = "desk@gazette.example"
[serve]
base_url = "{base}"
[fetch]
own = ["{host}"]
[[section]]
slug = "ships"
sources = [{{ page = "{url}ships" }}, {{ page = "{url}gone" }}]
"""


class Secure(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def tls(tmp_path: Path) -> Iterator[HTTPServer]:
    """A server with a certificate that it signed itself, for another name."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "5", "-subj"]
    make += ["/O=Harbour/CN=ships.example", "-addext", "subjectAltName=DNS:ships.example"]
    subprocess.run([*make, "-keyout", key, "-out", cert], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = HTTPServer(("127.0.0.1", 0), Secure)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def call(file: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["doctor", "--config", str(file), *more])


@pytest.fixture
def file(tmp_path: Path, upstream: ScriptedServer) -> Path:
    upstream.page(
        "/ships", b"<html><p>ships</p></html>", Date=f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT"
    )
    upstream.page("/gone", b"", 404)
    upstream.page("/healthz", b"ok\n", Content_Type="text/plain")
    found = tmp_path / "feedsvc.toml"
    base = upstream.url("")
    upstream.page("/feeds.opml", f'<opml><outline xmlUrl="{base}/feeds/x.rss"/></opml>'.encode())
    found.write_text(CONFIG.format(url=upstream.url("/"), host=upstream.host, base=base))
    return found


def test_each_finding_says_what_to_do(file: Path, upstream: ScriptedServer) -> None:
    done = call(file)
    assert done.exit_code == 1
    lines = done.output.splitlines()
    gone = next(number for number, line in enumerate(lines) if "/gone answers 404" in line)
    assert lines[gone].startswith("wrong source: ")
    assert "look for the new one" in lines[gone + 1]
    assert any(line.startswith(f"ok    source: {upstream.url('/ships')}") for line in lines)
    assert any(line.startswith("ok    clock: ") for line in lines)
    assert any(
        line.startswith("ok    store: ") and "is made when the service starts" in line for line in lines
    )
    assert any(line.startswith("look  notices: no one gets a notice") for line in lines)
    for what in ("versions", "disk", "memory", "folder", "address"):
        assert any(f" {what}: " in line for line in lines), what


def test_programs_get_the_same_and_sources_may_be_left_out(file: Path) -> None:
    done = call(file, "--json", "--no-sources")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert {one["level"] for one in told} <= {"ok", "look"}
    assert all(one["remedy"] for one in told if one["level"] != "ok")
    assert not any(one["what"] == "source" for one in told)


def test_a_clock_that_is_off_is_told(file: Path, upstream: ScriptedServer) -> None:
    late = datetime.now(UTC) - timedelta(hours=2)
    upstream.page("/ships", b"<html></html>", Date=f"{late:%a, %d %b %Y %H:%M:%S} GMT")
    (line,) = [line for line in call(file).output.splitlines() if " clock: " in line]
    assert line.startswith("wrong clock: this machine's clock is 7")
    assert "seconds ahead of" in line


def test_an_address_that_something_else_answers_is_told(file: Path, upstream: ScriptedServer) -> None:
    upstream.page("/healthz", b"<html>Welcome to nginx!</html>")
    done = call(file, "--no-sources")
    assert done.exit_code == 1
    assert "is answered by something else" in done.output
    assert "let name and proxy lead here" in done.output


def test_an_address_of_another_service_is_told(file: Path, upstream: ScriptedServer) -> None:
    upstream.page("/feeds.opml", b'<opml><outline xmlUrl="https://feeds.example/feeds/x.rss"/></opml>')
    done = call(file, "--no-sources")
    assert done.exit_code == 1
    assert "leads to a service with another public address" in done.output


def test_a_certificate_is_told_with_its_names_and_its_end(tls: HTTPServer) -> None:
    host, port = "127.0.0.1", tls.server_port
    found = certificate_of(host, port, Guard(own=frozenset({f"{host}:{port}"})))
    assert "ships.example" in found.names
    assert found.issuer == "Harbour"
    assert timedelta(days=4) < found.expires - datetime.now(UTC) < timedelta(days=6)
    assert "self-signed" in found.fault.replace(" ", "-")


def test_a_base_url_with_a_bad_certificate_is_wrong(tmp_path: Path, tls: HTTPServer) -> None:
    file = tmp_path / "feedsvc.toml"
    base = f"https://127.0.0.1:{tls.server_port}"
    file.write_text(CONFIG.format(url="https://gazette.example/", host="gazette.example", base=base))
    done = call(file, "--no-sources")
    assert done.exit_code == 1
    (line,) = [line for line in done.output.splitlines() if line.startswith("wrong TLS: ")]
    assert "for ships.example" in line
    assert re.search(r"until \d{4}-\d\d-\d\d: self.signed", line)
