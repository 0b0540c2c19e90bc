"""Real message brokers for tests: each on free ports of 127.0.0.1, with its own folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from kombu.connection import Connection
from kombu.exceptions import KombuError

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
STARTS_WITHIN = 180.0  #: seconds; Erlang takes long on a loaded machine


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at now."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


class Broker:
    """One server, which can be killed and started again on the same address."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="feedsvc-broker-"))
        self.ports = free_ports(3)
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        raise NotImplementedError

    def command(self) -> tuple[list[str], dict[str, str]]:
        """What starts it, and its environment."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it and wait until it answers."""
        command, env = self.command()
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.home, env=env, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                with Connection(self.url, connect_timeout=2) as connection:
                    connection.ensure_connection(max_retries=1, interval_start=0, timeout=2)
                return
            except (OSError, KombuError):
                assert self.process.poll() is None, (self.home / "log").read_text(errors="replace")[-2000:]
                assert time.monotonic() < deadline, f"{command[0]} did not start"
                time.sleep(0.2)

    def kill(self) -> None:
        """End it at once, with all its messages."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(30)
            self.process = None

    def close(self) -> None:
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)


class Redis(Broker):
    """Redis without persistence: a kill empties it."""

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.ports[0]}/0"

    def command(self) -> tuple[list[str], dict[str, str]]:
        options = ["--port", str(self.ports[0]), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        return ["redis-server", *options, "--dir", str(self.home)], dict(os.environ)


class RabbitMQ(Broker):
    """RabbitMQ with a port mapper of its own."""

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.ports[0]}//"

    def command(self) -> tuple[list[str], dict[str, str]]:
        amqp, erlang, mapper = self.ports
        env = {
            **os.environ,
            "HOME": str(self.home),
            "RABBITMQ_NODENAME": f"feedsvc{amqp}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(amqp),
            "RABBITMQ_DIST_PORT": str(erlang),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(mapper),
            "RABBITMQ_MNESIA_BASE": str(self.home / "data"),
            "RABBITMQ_LOG_BASE": str(self.home / "logs"),
            "RABBITMQ_PID_FILE": str(self.home / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.home / "generated"),
        }
        return [str(RABBITMQ)], env

    def kill(self) -> None:
        super().kill()
        epmd = shutil.which("epmd") or "epmd"
        env = {**os.environ, "ERL_EPMD_PORT": str(self.ports[2])}
        subprocess.run([epmd, "-kill"], env=env, capture_output=True, check=False)  # the mapper is a daemon
