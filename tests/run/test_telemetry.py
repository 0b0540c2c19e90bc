"""Sentry and a collector of OpenTelemetry get what they are promised: real receivers, on loopback."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from feedsvc import config
from feedsvc.errors import Code
from feedsvc.model import RunReport
from feedsvc.render.metrics import Family
from feedsvc.wiring.collector import due_queue
from feedsvc.wiring.process import now
from feedsvc.wiring.telemetry import telemetry, tell_sentry
from tests.servers import Exchange, ScriptedServer
from tests.stores import migrated

CHILD = """
import os
from celery import signals
from feedsvc.run.broker import TASK
from feedsvc.wiring.hands import application
application(os.environ).tasks[TASK].run([[int(part) for part in os.environ["UNIT"].split(",")]])
signals.worker_process_shutdown.send(sender=None)
"""
POLL = RunReport(
    name="politik", url="https://news.example/politik", kind="page", outcome="ok", status=200, found=12,
    new=3, changed=1, seconds=0.25,
)  # fmt: skip

SCRIPT = """
import logging, os
from feedsvc.wiring.telemetry import tell_sentry
assert tell_sentry(os.environ, "worker")
log = logging.getLogger("feedsvc.test")
log.warning("a source stumbled")
password = "hunter2"
try:
    raise KeyError("politik")
except KeyError:
    log.exception("a fault in feedsvc; it is announced later")
import sentry_sdk
sentry_sdk.flush(10)
"""


def taking(bodies: list[bytes]) -> Callable[[Exchange], None]:
    def take(exchange: Exchange) -> None:
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(
            exchange.headers.get("content-encoding", ""), bytes
        )
        bodies.append(unpack(exchange.body))
        exchange.answer(200, b"{}", {"Content-Type": "application/json"})

    return take


def test_sentry_hears_of_faults_without_values(upstream: ScriptedServer) -> None:
    bodies: list[bytes] = []
    upstream.routes["/api/7/envelope/"] = taking(bodies)
    env = {**os.environ, "SENTRY_DSN": f"http://key@{upstream.host}/7", "SENTRY_ENVIRONMENT": "test"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    events = [
        json.loads(line)
        for body in bodies
        for line in body.splitlines()
        if b'"exception"' in line
    ]  # fmt: skip
    (event,) = events
    assert event["exception"]["values"][-1]["type"] == "KeyError"
    assert event["logentry"]["message"] == "a fault in feedsvc; it is announced later"
    assert event["release"].startswith("feedsvc@")
    assert event["environment"] == "test"
    assert event["tags"]["process"] == "worker"
    frames = event["exception"]["values"][-1]["stacktrace"]["frames"]
    assert all("vars" not in frame for frame in frames)


def test_without_an_address_nobody_is_told() -> None:
    assert not tell_sentry({}, "web")
    silent = telemetry({}, list)
    silent.polled(POLL)
    silent.close()


@pytest.fixture
def collector(upstream: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {"traces": [], "metrics": []}
    for name, bodies in found.items():
        upstream.routes[f"/v1/{name}"] = taking(bodies)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", upstream.url(""))
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
    return found


def figures() -> list[Family]:
    return [
        Family(name="feedsvc_polls", about="Requests.", values={(): 7.0}, counts=True),
        Family(
            name="feedsvc_sources", about="Sources.", labels=("health",), values={("ok",): 3.0, ("red",): 1.0}
        ),
    ]


def test_a_collector_gets_a_span_a_poll_and_the_figures(collector: dict[str, list[bytes]]) -> None:
    sends = telemetry(os.environ, figures)
    sends.polled(POLL)
    failed = replace(POLL, outcome="failed", code=Code.HTTP_GONE, message="answers 404")
    sends.polled(failed)
    sends.close()
    traces = ExportTraceServiceRequest()
    traces.ParseFromString(b"".join(collector["traces"]))
    resource = {one.key: one.value.string_value for one in traces.resource_spans[0].resource.attributes}
    assert resource["service.name"] == "feedsvc"
    assert resource["deployment.environment"] == "test"
    good, bad = traces.resource_spans[0].scope_spans[0].spans
    assert good.name == "poll page"
    assert 0.24e9 < good.end_time_unix_nano - good.start_time_unix_nano < 0.26e9
    values = {one.key: one.value for one in good.attributes}
    assert values["feedsvc.source"].string_value == "politik"
    assert values["feedsvc.new"].int_value == 3
    assert values["http.response.status_code"].int_value == 200
    assert bad.status.message == "answers 404"
    assert {one.key: one.value.string_value for one in bad.attributes}["error.type"] == "HTTP_GONE"
    metrics = ExportMetricsServiceRequest()
    metrics.ParseFromString(collector["metrics"][-1])
    told = {one.name: one for one in metrics.resource_metrics[0].scope_metrics[0].metrics}
    (polls,) = told["feedsvc_polls"].sum.data_points
    assert polls.as_double == 7.0
    assert told["feedsvc_polls"].sum.is_monotonic
    points = told["feedsvc_sources"].gauge.data_points
    assert {one.attributes[0].value.string_value: one.as_double for one in points} == {"ok": 3.0, "red": 1.0}


def test_a_worker_of_celery_sends_a_span_a_poll(
    collector: dict[str, list[bytes]], upstream: ScriptedServer, tmp_path: Path
) -> None:
    upstream.page("/feed", b"<rss version='2.0'><channel><title>K</title></channel></rss>")
    file = tmp_path / "feedsvc.toml"
    file.write_text(
        f"""
        site = {{ title = "K", url = "https://news.example/" }}
        store = {{ url = "sqlite:///store.db" }}
        fetch = {{ own = ["{upstream.host}"] }}
        work = {{ executor = "celery" }}
        celery = {{ broker = "redis://127.0.0.1:1/0" }}
        section = [{{ slug = "a", sources = [{{ feed = "{upstream.url("/feed")}" }}] }}]
        """
    )
    settings = config.load(file, {})
    database = migrated(settings.store_url)
    queue = due_queue(settings, database)
    queue.sync(now())
    (claim,) = queue.claim(1, lease=120, now=now(), blocked=(), begins=False)
    unit = f"{claim.upstream},{claim.token}"
    env = {**os.environ, "FEEDSVC_CONFIG": str(file), "UNIT": unit}
    # in a process of its own: one that reads for Celery has a limit of memory from then on
    subprocess.run([sys.executable, "-c", CHILD], env=env, check=True, timeout=120)
    database.close()
    traces = ExportTraceServiceRequest()
    traces.ParseFromString(b"".join(collector["traces"]))
    (span,) = traces.resource_spans[0].scope_spans[0].spans
    values = {one.key: one.value for one in span.attributes}
    assert values["feedsvc.source"].string_value == upstream.url("/feed")
    assert collector["metrics"] == []  # the ticker sends them
