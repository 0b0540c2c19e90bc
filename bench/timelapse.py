"""A day of a newsroom with many sources in minutes; what the service holds each hour of it.

    python bench/timelapse.py [sources] [hours] [readers]        (500 sources, 24 hours, 100 readers)

Sources publish during the first half of the time; in the second they only correct, and fail now and then as
before. So what grows in the second half grows without need: memory, handles, threads, the store. The readers'
answers are judged by what is promised (tests/chaos/checker.py).
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from tests.e2e.lapse import Held, Lapse, table


def main() -> None:
    """Live it and print."""
    given = [int(one) for one in sys.argv[1:]]
    sources, hours, readers = given + [500, 24, 100][len(given) :]
    logging.disable(logging.WARNING)  # each step of the clock would be said
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        lapse = Lapse(Path(folder), sources=sources, hours=hours, readers=readers)

        def told(held: Held) -> None:
            print(table([held]).splitlines()[-1], flush=True)

        lapse.live(told)
    print(table(lapse.held))
    print(
        f"{sources} sources, {hours} hours in {time.monotonic() - begun:.0f} s; {dict(lapse.newsrooms.seen)}"
    )
    for what, count in sorted(lapse.seen.items()):
        print(f"  {what:<36}{count:>7}")
    for words, count in lapse.wrong.items():
        print(f"  WRONG, {count} times: {words}")
    sys.exit(bool(lapse.wrong))


if __name__ == "__main__":
    main()
