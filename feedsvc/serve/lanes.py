"""Lanes for slow requests: a few run at once, the others wait in a queue with turns by client."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque

LANES = 4  #: requests that are no look-up, at once, in one process
OF_ONE_CLIENT = 3  #: lanes that one client holds: one is always left to others
STRANGER = 3  #: requests of one client without a token that run or wait
JUDGED = 64  #: requests of one client whose token is looked at, or that wait for it
NEWSROOM = 256  #: requests of one client with a token that run or wait
MOST = 1000  #: requests that wait, of all clients together
PATIENCE = 2.0  #: seconds that a stranger waits for a lane
NEWSROOM_PATIENCE = 30.0  #: seconds that a client with a token waits, or one whose token is looked at


class Lanes:
    """Lets a few slow requests through at once. For one event loop: who waits holds no thread.

    Clients take turns, so a queue of one of them does not delay another by more than one request.
    """

    def __init__(self, lanes: int = LANES, of_one: int = OF_ONE_CLIENT, most: int = MOST) -> None:
        self._free = lanes
        self._of_one = of_one
        self._most = most
        self._running: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._count = 0

    async def enter(self, client: str, *, places: int = STRANGER, patience: float = PATIENCE) -> bool:
        """Whether there is a lane within `patience` seconds; who got one has to leave it.

        A client runs or waits with `places` requests at most.
        """
        queue = self._waiting.get(client, ())
        if self._running[client] + len(queue) >= places or self._count >= self._most:
            return False
        if self._free and self._running[client] < self._of_one:
            self._take(client)
            return True
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        self._count += 1
        try:
            await asyncio.wait({turn}, timeout=patience)
        except asyncio.CancelledError:
            if not self._given_up(client, turn):
                self.leave(client)
            raise
        return not self._given_up(client, turn)

    def leave(self, client: str) -> None:
        """The lane is free for the next one."""
        self._free += 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        for other in list(self._waiting):
            if self._running[other] < self._of_one:
                turn = self._waiting[other].popleft()
                self._waiting.move_to_end(other)
                self._forget(other)
                self._take(other)
                turn.set_result(None)
                return

    def _take(self, client: str) -> None:
        self._free -= 1
        self._running[client] += 1

    def _given_up(self, client: str, turn: asyncio.Future[None]) -> bool:
        """Whether the turn did not come; then nobody waits for it any longer."""
        if turn.done():
            return False
        self._waiting[client].remove(turn)
        self._forget(client)
        return True

    def _forget(self, client: str) -> None:
        self._count -= 1
        if not self._waiting[client]:
            del self._waiting[client]
