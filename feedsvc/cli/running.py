"""`feedsvc run`, `serve`, `work`, `stream` and `demo`: the processes of the service."""

from __future__ import annotations

import errno
import logging
import os
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from feedsvc import __version__
from feedsvc.cli.common import address_options, config_option, reported, settings, start_logging
from feedsvc.config import Settings
from feedsvc.errors import Code, ConfigError, ServeError, StoreError
from feedsvc.run.life import EVERY, PIPE, Life
from feedsvc.run.signals import Asked, Signals
from feedsvc.run.supervise import Child, become
from feedsvc.wiring.process import listening, now
from feedsvc.wiring.telemetry import tell_sentry

if TYPE_CHECKING:
    from feedsvc.render.metrics import Family

log = logging.getLogger(__name__)

STOP_SECONDS = 7.0
TICKED = 30.0  #: seconds since the last tick, after which the worker gives no sign of life


@click.command()
@config_option
@address_options
@reported
def run(file: str, host: str | None, port: int | None) -> None:
    """Collect and serve: everything in one command.

    Starts the web processes and the worker, the stream if [stream] run = true, and the demo newsroom if
    [demo] run = true. A process that ends is started again. Ctrl-C or SIGTERM stops all of them within 10
    seconds. SIGHUP reloads the configuration; a file that is not valid is refused, and the former one stays
    in use.
    """
    from feedsvc.wiring import surroundings

    start_logging()
    chosen = settings(file, host, port, listens=True)
    surroundings.prepare(chosen)  # a process that cannot start would be started again for ever
    surroundings.must_belong(chosen)
    _must_be_free(chosen.host, chosen.port)
    common = ["--config", file]
    address = [*common, "--host", chosen.host, "--port", str(chosen.port)]
    children = []
    if chosen.demo.run:
        _must_be_free(chosen.demo.host, chosen.demo.port)
        demo = ["demo", *common, "--feeds", chosen.site.base_url]
        children.append(Child("demo newsroom", demo, [chosen.demo.host, chosen.demo.port]))
    children.append(Child("worker", ["work", *address], lives=True))
    children.append(Child("web", ["serve", *address], lives=True))
    if chosen.stream.run:
        _must_be_free(chosen.stream.host, chosen.stream.port)
        children.append(Child("stream", ["stream", *common], lives=True))
    _say_where(chosen)
    become(children)


@click.command()
@config_option
@address_options
@reported
def serve(file: str, host: str | None, port: int | None) -> None:
    """Serve what is published, without collecting.

    For a machine that only answers requests; `feedsvc work` elsewhere fills the same store. SIGHUP reloads
    the configuration without dropping a request.
    """
    from feedsvc.wiring.web import serve as serve_http

    start_logging()
    chosen = settings(file, host, port, listens=True)
    _must_be_free(chosen.host, chosen.port)
    serve_http(chosen, lambda: _again_read(lambda: settings(file, host, port, listens=True)))


@click.command()
@config_option
@address_options
@reported
def work(file: str, host: str | None, port: int | None) -> None:
    """Collect and publish, without serving.

    Brings the store's tables up to date first. Any number of workers may share one store. Without
    [serve] base_url, --host and --port say where readers reach the service. SIGHUP reloads the configuration.
    """
    start_logging()
    tell_sentry(os.environ, "worker")
    chosen, life = settings(file, host, port, listens=True), Life(os.environ)
    signals = Signals()
    running = _begun(chosen, signals, life)
    if running is None:
        return
    life.ready("collects")
    while (asked := signals.wait(EVERY)) is not Asked.STOP:
        if asked is Asked.RELOAD:
            life.reloading()
            running = _again(running, lambda: _again_read(lambda: settings(file, host, port, listens=True)))
            life.ready("collects")
        if running.ticks:
            life.alive()
    life.stopping()
    running.end()


class _Working:
    """A worker with its ticks, what it sends, and what watches it, from one configuration."""

    def __init__(self, chosen: Settings) -> None:
        from feedsvc.run.ladders import EVERY as STEP
        from feedsvc.run.ticker import Ticker
        from feedsvc.run.worker import TICK
        from feedsvc.watch.own import EVERY as LOOK
        from feedsvc.watch.watcher import EVERY as WATCH
        from feedsvc.wiring import surroundings
        from feedsvc.wiring.metrics import families
        from feedsvc.wiring.status import report_of
        from feedsvc.wiring.telemetry import telemetry
        from feedsvc.wiring.watch import own, watcher
        from feedsvc.wiring.work import collecting

        surroundings.prepare(chosen)
        self._wired = collecting(chosen, report=lambda report: self._telemetry.polled(report))
        database = self._wired.database

        def figures() -> list[Family]:
            moment = now()
            return list(families(database, report_of(database, moment), moment))

        self._telemetry = telemetry(os.environ, figures)
        sees = own(chosen, self._wired.clocks, lambda: self._wired.pushing.announcer.cache_fault)
        self.watch = watcher(chosen, self._wired.database, sees=sees)
        self._ticked = time.monotonic()
        self._tickers = [Ticker(self._tick, seconds=TICK), Ticker(self.watch.run, seconds=WATCH)]
        self._tickers.append(Ticker(sees.look, seconds=LOOK))
        if any(one.ladder for one in chosen.upstreams):
            self._tickers.append(Ticker(self._wired.ladders.run, seconds=STEP))
        self._wired.worker.start()
        self._wired.pushing.start()
        self.watch.run()
        for ticker in self._tickers:
            ticker.start()

    def _tick(self) -> None:
        self._wired.worker.tick()
        self._ticked = time.monotonic()

    @property
    def ticks(self) -> bool:
        """Whether the worker looked for work lately."""
        return time.monotonic() - self._ticked < TICKED

    def end(self) -> None:
        """End; units under way are given a few seconds."""
        for ticker in self._tickers:
            ticker.stop()
        self.watch.stop()
        self._wired.pushing.stop(1.0)
        self._wired.worker.stop(STOP_SECONDS)
        self._telemetry.close()
        self._wired.close()


def _again_read(read: Callable[[], Settings]) -> Settings:
    """A changed configuration. Raises ConfigError, also where it makes the store another site's."""
    from feedsvc.wiring import surroundings

    chosen = read()
    if problems := surroundings.of_another_site(chosen):
        raise ConfigError(chosen.file, tuple(problems))
    return chosen


def _begun(chosen: Settings, signals: Signals, life: Life) -> _Working | None:
    """A worker, as soon as its store can be used; None: it is to end before that.

    Under `feedsvc run` it waits for the store and tells that it does: one that ends and is started again
    could not. Raises StoreError where nobody would start it again.
    """
    from feedsvc.watch.aside import Aside
    from feedsvc.wiring.watch import channels

    aside, waits = Aside(channels(chosen)), False
    while True:
        try:
            running = _Working(chosen)
        except StoreError as error:
            if PIPE not in os.environ:
                raise
            if not waits:
                log.error("the worker waits for the store: %s; `feedsvc check` says what is wrong", error)
            waits = True
            aside.failed(error, now())
            life.ready("waits for the store")
        else:
            if over := aside.over(now()):
                running.watch.was_out(*over)
            return running
        life.alive()
        if signals.wait(EVERY) is not Asked.NOTHING:
            return None  # to reload, too: the next one begins with what is written there now


def _again(running: _Working, load: Callable[[], Settings]) -> _Working:
    """The worker of the changed configuration; the same one where that cannot be used."""
    try:
        chosen = load()
    except ConfigError as error:
        log.error("the changed configuration is refused, the former one is used: %s", error.message)
        running.watch.refuse(error.file, "; ".join(error.problems))
        return running
    running.end()
    log.info("the worker goes on with the changed configuration: %s", chosen.file)
    return _Working(chosen)


@click.command()
@config_option
@reported
def stream(file: str) -> None:
    """Send news to open pages the moment it is published (server-sent events).

    It listens on [stream] host and port, beside the web processes: thousands of pages may stay connected, and
    feeds are answered as fast as before. `feedsvc run` starts it if [stream] run = true.
    """
    from feedsvc.wiring.stream import stream as serve_stream

    start_logging()
    chosen = settings(file)
    _must_be_free(chosen.stream.host, chosen.stream.port)
    serve_stream(chosen, lambda: _again_read(lambda: settings(file)))


@click.command()
@config_option
@click.option("--feeds", default="", metavar="URL", help="A feed service whose headlines the pages show.")
@reported
def demo(file: str, feeds: str) -> None:
    """Run the demo newsroom alone: a small news site to try feedsvc on."""
    from feedsvc.demo import serve as serve_demo

    start_logging()
    chosen = settings(file)
    _must_be_free(chosen.demo.host, chosen.demo.port)
    serve_demo(chosen.demo.host, chosen.demo.port, feeds=feeds)


def _must_be_free(host: str, port: int) -> None:
    """Raises ServeError where nothing can listen at host:port."""
    try:
        address = listening(host)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise ServeError(
                Code.PORT_TAKEN,
                f"cannot listen on {host}:{port}: this machine has no address {host}; choose another with "
                "--host, HOST or the configuration",
            ) from error
        raise ServeError(
            Code.PORT_TAKEN,
            f"cannot listen on {host}:{port} ({error.strerror or error}); choose another with --port, PORT "
            "or the configuration",
        ) from error


def _say_where(chosen: Settings) -> None:
    base = chosen.site.base_url
    lines = [
        f"feedsvc {__version__} serves {chosen.site.title}",
        f"  directory     {base}/",
        f"  latest news   {base}/feeds/latest.rss  (.atom, .json)",
    ]
    if chosen.demo.run:
        lines.append(f"  demo newsroom http://{chosen.demo.host}:{chosen.demo.port}/")
    click.echo("\n".join([*lines, "Ctrl-C stops it."]))
