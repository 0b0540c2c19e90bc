"""Sentry and OpenTelemetry, where the environment asks for them: faults, traces of polls, figures.

Both are extras. Neither changes what the service does: what cannot be sent is lost, and nobody waits for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from feedsvc import __version__
from feedsvc.model import RunReport

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Observation

    from feedsvc.render.metrics import Family

log = logging.getLogger(__name__)

SENTRY, OTEL = "SENTRY_DSN", "OTEL_EXPORTER_OTLP_ENDPOINT"
LAST = 1.0  #: seconds that the end of a process waits for what is still to be sent
FRESH = 5.0  #: seconds in which all instruments are told the same figures
NOTHING: Callable[[RunReport], None] = lambda report: None  # noqa: E731


def tell_sentry(env: Mapping[str, str], process: str) -> bool:
    """Send what is logged as an error, and faults, to the Sentry of SENTRY_DSN; whether that is so now.

    No values of variables, no addresses of clients and no bodies go out. SENTRY_ENVIRONMENT and the other
    variables of its library hold.
    """
    if not env.get(SENTRY):
        return False
    try:
        import sentry_sdk
    except ModuleNotFoundError:
        log.warning("%s is set, but its library is missing: pip install 'feedsvc[sentry]'", SENTRY)
        return False
    sentry_sdk.init(
        release=f"feedsvc@{__version__}",
        auto_enabling_integrations=False,  # they would change Flask, SQLAlchemy and Celery
        include_local_variables=False,
        max_request_body_size="never",
        send_default_pii=False,
    )
    sentry_sdk.set_tag("process", process)
    return True


@dataclass(slots=True)
class Telemetry:
    """What a worker sends by OpenTelemetry: a span a poll, and the figures of /metrics."""

    polled: Callable[[RunReport], None] = NOTHING
    close: Callable[[], None] = field(default=lambda: None)


def telemetry(env: Mapping[str, str], figures: Callable[[], Iterable[Family]] | None) -> Telemetry:
    """For the collector at OTEL_EXPORTER_OTLP_ENDPOINT (OTLP over HTTP); nothing where it is not set.

    The other variables of OpenTelemetry hold (OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_HEADERS,
    OTEL_METRIC_EXPORT_INTERVAL in milliseconds, …). `figures` reads the store; it raises FeedsvcError.
    None: only spans, as from a worker of Celery, while another process sends the figures.
    """
    if not env.get(OTEL):
        return Telemetry()
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError:
        log.warning("%s is set, but its libraries are missing: pip install 'feedsvc[otel]'", OTEL)
        return Telemetry()
    about = Resource({"service.name": "feedsvc", "service.version": __version__})
    about = about.merge(OTELResourceDetector().detect())
    traces = TracerProvider(resource=about, shutdown_on_exit=False)
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    senders: list[TracerProvider | MeterProvider] = [traces]
    if figures is not None:
        metrics = MeterProvider(
            [PeriodicExportingMetricReader(OTLPMetricExporter())], resource=about, shutdown_on_exit=False
        )
        _Instruments(metrics.get_meter("feedsvc", __version__), figures).make()
        senders.append(metrics)

    def close() -> None:
        """Send the rest; a collector that does not answer holds up no end."""
        ends = [threading.Thread(target=one.shutdown, daemon=True) for one in senders]
        for end in ends:
            end.start()
        for end in ends:
            end.join(LAST)

    return Telemetry(_polled(traces.get_tracer("feedsvc", __version__)), close)


def _polled(tracer: Any) -> Callable[[RunReport], None]:
    """A span of each poll, when it is over."""
    from opentelemetry.trace import Status, StatusCode

    def polled(report: RunReport) -> None:
        end = time.time_ns()
        values: dict[str, str | int] = {
            "feedsvc.source": report.name,
            "feedsvc.kind": report.kind,
            "feedsvc.outcome": report.outcome,
            "feedsvc.new": report.new,
            "feedsvc.changed": report.changed,
            "url.full": report.url,
        }
        if report.status is not None:
            values["http.response.status_code"] = report.status
        if report.code is not None:
            values["error.type"] = str(report.code)
        begun = end - int(report.seconds * 1e9)
        span = tracer.start_span(f"poll {report.kind}", start_time=begun, attributes=values)
        if report.failed:
            span.set_status(Status(StatusCode.ERROR, report.message))
        span.end(end)

    return polled


class _Instruments:
    """The figures of the store as instruments, which the exporter asks one after the other."""

    def __init__(self, meter: Any, figures: Callable[[], Iterable[Family]]) -> None:
        self._meter = meter
        self._figures = figures
        self._read_at = float("-inf")
        self._found: dict[str, Family] = {}

    def make(self) -> None:
        """One instrument for each family that there is now."""
        for family in self._fresh().values():
            make = (
                self._meter.create_observable_counter
                if family.counts
                else self._meter.create_observable_gauge
            )
            make(family.name, callbacks=[self._observer(family.name)], description=family.about)

    def _fresh(self) -> dict[str, Family]:
        if time.monotonic() - self._read_at >= FRESH:
            self._found = {one.name: one for one in self._figures()}
            self._read_at = time.monotonic()
        return self._found

    def _observer(self, name: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
        from opentelemetry.metrics import Observation

        def observe(_: CallbackOptions) -> Iterable[Observation]:
            family = self._fresh().get(name)
            if family is None:
                return []
            return [
                Observation(value, dict(zip(family.labels, labels, strict=True)))
                for labels, value in family.values.items()
            ]

        return observe
