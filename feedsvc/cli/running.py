"""`feedsvc run`, `serve`, `work` and `demo`: the processes of the service."""

from __future__ import annotations

import socket

import click

from feedsvc import __version__
from feedsvc.cli.common import address_options, config_option, reported, settings, start_logging, stopped
from feedsvc.config import Settings
from feedsvc.errors import Code, ServeError
from feedsvc.run.supervise import Child, become
from feedsvc.wiring.process import listening

STOP_SECONDS = 7.0


@click.command()
@config_option
@address_options
@reported
def run(file: str, host: str | None, port: int | None) -> None:
    """Collect and serve: everything in one command.

    Starts the web processes, the worker, and (where the configuration says [demo] run = true) the demo
    newsroom; starts again what ends. Ctrl-C or SIGTERM ends all of it within 10 seconds.
    """
    start_logging()
    chosen = settings(file, host, port)
    _must_be_free(chosen.host, chosen.port)
    common = ["--config", file]
    children = []
    if chosen.demo.run:
        _must_be_free(chosen.demo.host, chosen.demo.port)
        demo = ["demo", *common, "--feeds", chosen.site.base_url]
        children.append(Child("demo newsroom", demo, [chosen.demo.host, chosen.demo.port]))
    children.append(Child("worker", ["work", *common, "--host", chosen.host, "--port", str(chosen.port)]))
    children.append(Child("web", ["serve", *common, "--host", chosen.host, "--port", str(chosen.port)]))
    if chosen.stream.run:
        _must_be_free(chosen.stream.host, chosen.stream.port)
        children.append(Child("stream", ["stream", *common]))
    _say_where(chosen)
    become(children)


@click.command()
@config_option
@address_options
@reported
def serve(file: str, host: str | None, port: int | None) -> None:
    """Serve what is published, without collecting.

    For a machine or a process that only answers; `feedsvc work` collects beside it on the same store.
    """
    from feedsvc.wiring.web import serve as serve_http

    start_logging()
    chosen = settings(file, host, port)
    _must_be_free(chosen.host, chosen.port)
    serve_http(chosen)


@click.command()
@config_option
@address_options
@reported
def work(file: str, host: str | None, port: int | None) -> None:
    """Collect and publish, without serving.

    Brings the store's tables up to date first. Any number of workers may share one store. --host and --port
    say where the service is reached, for feeds whose configuration has no [serve] base_url.
    """
    from feedsvc.run.ticker import Ticker
    from feedsvc.run.worker import TICK
    from feedsvc.watch.watcher import EVERY
    from feedsvc.wiring.watch import watcher
    from feedsvc.wiring.work import collecting

    start_logging()
    chosen = settings(file, host, port)
    stop = stopped()
    wired = collecting(chosen)
    watch = watcher(chosen, wired.database)
    ticker, watching = Ticker(wired.worker.tick, seconds=TICK), Ticker(watch.run, seconds=EVERY)
    wired.worker.start()
    wired.pushing.start()
    ticker.start()
    watch.run()
    watching.start()
    stop.wait()
    ticker.stop()
    watching.stop()
    watch.stop()
    wired.pushing.stop(1.0)
    wired.worker.stop(STOP_SECONDS)
    wired.close()


@click.command()
@config_option
@reported
def stream(file: str) -> None:
    """Tell open pages of news the moment it is published (server-sent events).

    A process of its own on [stream] host and port, so that pages that stay open take no thread of the feeds.
    `feedsvc run` starts it where the configuration says [stream] run = true.
    """
    from feedsvc.wiring.stream import stream as serve_stream

    start_logging()
    chosen = settings(file)
    _must_be_free(chosen.stream.host, chosen.stream.port)
    serve_stream(chosen)


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
        raise ServeError(
            Code.PORT_TAKEN,
            f"cannot listen at {host}:{port} ({error.strerror or error}); choose another with --port, PORT "
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
    click.echo("\n".join([*lines, "Ctrl-C ends it."]))
