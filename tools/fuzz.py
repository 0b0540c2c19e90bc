"""Drives one target of tests/fuzz with atheris, which watches what of the code each input reaches.

    python tools/fuzz.py TARGET [SECONDS [RUNS]]      600 seconds, where none are named

With RUNS it tries so many inputs at most, and each time the same ones: for CI.

An input that breaks something is written to var/fuzz as `crash-…`, `timeout-…` or `oom-…`; it becomes a test.
What was learnt stays in var/fuzz/TARGET, and the next run goes on from there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["feedsvc"]):
    from tests.fuzz.targets import SEEDS, TARGETS

SLOWEST = 20  #: seconds that one input may take: a reader has as long
MEMORY = 2048  #: MiB


def main(name: str, seconds: str = "600", runs: str = "") -> None:
    """Fuzz a target for so long; ends the process."""
    found = ROOT / "var/fuzz"
    corpus = found / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[name]):
        (corpus / f"seed-{number}").write_bytes(seed)
    limits = [f"-max_total_time={seconds}", f"-timeout={SLOWEST}", f"-rss_limit_mb={MEMORY}", "-max_len=4096"]
    if runs:
        limits += [f"-runs={runs}", "-seed=1"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={found}/", str(corpus)], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(f"usage: fuzz.py {'|'.join(TARGETS)} [SECONDS [RUNS]]")
    main(*sys.argv[1:4])
