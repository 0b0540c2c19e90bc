"""The demo newsroom: a small invented news site that publishes, corrects and withdraws by the clock alone.

`serve` runs it until a signal comes; `make_server` gives tests a server with a clock, edits and faults of
their own. It shares no code with feedsvc's pipeline.
"""

from feedsvc.demo.desks import DESKS, ENGLISH, INDONESIAN, NAME, Desk
from feedsvc.demo.edits import Edits
from feedsvc.demo.faults import Fault, Faults, Hit, Kind, Log
from feedsvc.demo.newsroom import Newsroom, Story
from feedsvc.demo.schedule import EPOCH, STEP, Schedule
from feedsvc.demo.server import DemoServer, make_server, serve

__all__ = [
    "DESKS",
    "ENGLISH",
    "EPOCH",
    "INDONESIAN",
    "NAME",
    "STEP",
    "DemoServer",
    "Desk",
    "Edits",
    "Fault",
    "Faults",
    "Hit",
    "Kind",
    "Log",
    "Newsroom",
    "Schedule",
    "Story",
    "make_server",
    "serve",
]
