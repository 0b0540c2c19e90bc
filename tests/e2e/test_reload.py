"""What a service manager sees of feedsvc: ready, alive, reloading, no zombies; and what readers see."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from feedsvc.run.supervise import Child
from tests.conftest import until
from tests.e2e.service import Service

MORE = '[[section]]\nslug = "hukum"\nsources = [{{ page = "http://127.0.0.1:{demo}/hukum", every = "2s" }}]\n'


class Manager:
    """The receiving end of sd_notify(3): a datagram socket."""

    def __init__(self, name: str) -> None:
        self.address = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + name[1:] if name.startswith("@") else name)
        self._socket.setblocking(False)
        self.told: list[str] = []

    def has(self, line: str, times: int = 1) -> bool:
        while True:
            try:
                self.told += self._socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return self.told.count(line) >= times

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    found = Service(tmp_path)
    yield found
    found.close()


@pytest.fixture(params=["path", "abstract"])
def manager(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Manager]:
    name = str(tmp_path / "notify") if request.param == "path" else f"@feedsvc-test-{os.getpid()}"
    found = Manager(name)
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    yield found
    found.close()


class Readers:
    """Ask for a feed again and again; count the answers."""

    def __init__(self, service: Service) -> None:
        self.answers: Counter[object] = Counter()
        self._service = service
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(3)]
        for thread in self._threads:
            thread.start()

    def _ask(self) -> None:
        while not self._stop.wait(0.02):
            try:
                self.answers[self._service.get("/feeds/latest.rss").status_code] += 1
            except requests.RequestException as error:
                self.answers[repr(error)] += 1

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)


def test_a_changed_configuration_is_taken_over_and_a_bad_one_refused(
    service: Service, manager: Manager
) -> None:
    service.start()
    until(lambda: manager.has("READY=1"), 90)
    service.wait()
    assert service.process is not None
    good = service.file.read_text()
    readers = Readers(service)
    try:
        service.file.write_text(good + MORE.format(demo=service.demo))
        service.process.send_signal(signal.SIGHUP)
        until(lambda: service.serving("/feeds/hukum.json"), 90)
        until(lambda: manager.has("RELOADING=1") and manager.has("READY=1", 2), 90)
        service.file.write_text(good.replace('slug = "politik"', 'slug = "Politik Baru"'))
        service.process.send_signal(signal.SIGHUP)
        until(lambda: manager.has("READY=1", 3), 90)
        until(lambda: service.log.read_text().count("is refused, the former one is used") >= 2, 30)
        # ids come from the namespace: with another one every article would be new
        service.file.write_text(good.replace('namespace = "5b', 'namespace = "6b'))
        service.process.send_signal(signal.SIGHUP)
        until(lambda: manager.has("READY=1", 4), 90)
        until(lambda: service.log.read_text().count("is refused, the former one is used") >= 4, 30)
    finally:
        readers.stop()
    assert set(readers.answers) == {200}, readers.answers
    assert service.serving("/feeds/politik.json")
    assert service.serving("/feeds/hukum.json")
    told = service.log.read_text()
    assert r"[[section]] \"Politik Baru\" (line " in told  # a line of the log is JSON
    service.file.write_text(good)  # the command reads the file too
    notice = service.call("notify").stdout
    assert f"the changed {service.file} was refused (CONFIG)" in notice
    assert "to do" in notice
    service.process.send_signal(signal.SIGHUP)
    until(lambda: f"{service.file} can be used again" in service.log.read_text(), 60)
    assert service.terminate() == 0
    assert manager.has("STOPPING=1")
    assert manager.has("WATCHDOG=1")


@pytest.mark.parametrize("command", ["serve", "work"])
def test_each_half_tells_the_service_manager_too(service: Service, manager: Manager, command: str) -> None:
    service.start(command)
    until(lambda: manager.has("READY=1") and manager.has("WATCHDOG=1"), 90)
    assert service.process is not None
    service.process.send_signal(signal.SIGHUP)
    until(lambda: manager.has("RELOADING=1") and manager.has("READY=1", 2), 90)
    assert service.terminate(20) == 0
    assert manager.has("STOPPING=1")


def test_a_child_that_shows_no_life_is_started_again(service: Service) -> None:
    """The newsroom gives no signs: here it stands for a worker that hangs."""
    child = Child("worker", ["demo", "--config", str(service.file)], lives=True, frozen=0.2)
    env = dict(os.environ)
    child.start(env)
    assert child.process is not None
    first = child.process

    def started_again() -> bool:
        child.listen()
        child.look(env)
        return child.process is not None and child.process is not first

    until(started_again, 60)
    assert first.returncode == -signal.SIGKILL
    assert child.process is not None
    child.process.kill()
    child.process.wait(10)
    os.close(child.signs)


ORPHANS = """
import ctypes, subprocess, sys, time
from feedsvc.run.supervise import _reap
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: as process 1 of a container is
for _ in range(3):
    subprocess.run(["/bin/sh", "-c", "sleep 0.2 & exit 0"], check=True)
print("orphans", flush=True)
sys.stdin.readline()
_reap([])
print("reaped", flush=True)
sys.stdin.readline()
"""


def test_the_first_process_of_a_container_leaves_no_zombies() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ORPHANS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def children() -> list[str]:
            return [one.status() for one in psutil.Process(process.pid).children()]

        assert process.stdout.readline() == "orphans\n"
        until(lambda: children() == [psutil.STATUS_ZOMBIE] * 3)
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "reaped\n"
        assert children() == []
        process.communicate("\n", timeout=10)


def test_a_terminal_that_closes_ends_it(service: Service) -> None:
    """SIGHUP of a service manager means a reload; that of a terminal means the end."""
    leader, follower = os.openpty()
    with service.log.open("ab") as log:
        service.process = subprocess.Popen(
            [sys.executable, "-m", "feedsvc", "run", "--config", str(service.file)],
            stdin=follower,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    os.close(follower)
    service.wait()
    os.close(leader)
    service.process.send_signal(signal.SIGHUP)
    assert service.process.wait(20) == 0
