"""The distributions: what they hold, and that a bare environment serves feeds from the wheel."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import until
from tests.e2e.service import Service

ROOT = Path(__file__).parent.parent.parent


def build(folder: Path, target: str, out: Path) -> Path:
    call = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out)]
    subprocess.run(call, cwd=folder, check=True, capture_output=True)
    (found,) = out.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return found


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist, as an index or a distribution does."""
    folder = tmp_path_factory.mktemp("dist")
    with tarfile.open(build(ROOT, "sdist", folder)) as packed:
        packed.extractall(folder, filter="data")
    (unpacked,) = (path for path in folder.iterdir() if path.is_dir())
    return build(unpacked, "wheel", folder / "wheel")


@pytest.mark.slow
def test_the_wheel_has_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    known = subprocess.run(
        ["git", "ls-files", "feedsvc"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    with zipfile.ZipFile(wheel) as packed:
        found = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert found == set(known.stdout.splitlines())


@pytest.mark.slow
def test_a_bare_environment_serves_feeds_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    python = place / "bin/python"
    # the libraries are those of this environment, without its feedsvc: nested .pth files do not count
    (site,) = place.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel], check=True)
    where = subprocess.run(
        [python, "-c", "import feedsvc; print(feedsvc.__file__)"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert where.stdout.startswith(str(site))
    service = Service(tmp_path)
    with service.log.open("ab") as log:
        service.process = subprocess.Popen(
            [place / "bin/feedsvc", "run", "--config", str(service.file)],
            cwd=tmp_path,
            stdout=log,
            stderr=log,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            start_new_session=True,
        )
    try:
        service.wait()
        until(lambda: service.items("latest"), 60)
        assert service.get("/static/page.css").status_code == 200
        assert service.terminate() == 0
    finally:
        service.close()
