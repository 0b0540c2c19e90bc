"""Every error that feedsvc raises, in one tree.

FeedsvcError                  something a person can act on; carries a stable `code`
├── ConfigError               the configuration; carries every problem at once
├── SourceError               one source; names it, the others go on
│   ├── FetchError            the bytes did not come
│   │   └── UnreachedError    no connection came about
│   ├── ReadError             the bytes came, but they are not what they should be
│   └── PluginError           a plug-in, in its own words
├── EditorialError            what an editor or a newsroom's system asked for
├── HubError                  what a subscriber asked of the hub
├── NoticeError               an operator could not be told
├── StoreError                the database
│   └── StoreRaceError        a transaction lost against another; it is tried again
└── ServeError                the service cannot start or answer

Codes are part of the interface: they stand in logs, in `feedsvc collect`, in the status page and in the
documentation (docs/errors.md), and do not change. Exceptions of libraries stop at the stage that owns the
library and are chained.
"""

from __future__ import annotations

import logging
import re
from enum import StrEnum


class Code(StrEnum):
    """What went wrong, in a word that never changes."""

    CONFIG = "CONFIG"

    BLOCKED_ADDRESS = "BLOCKED_ADDRESS"  #: the host name leads to an address that is not public
    BLOCKED_URL = "BLOCKED_URL"  #: not http(s), a port that is not allowed, credentials, no host
    BLOCKED_ROBOTS = "BLOCKED_ROBOTS"  #: robots.txt asks us not to read this address
    TOO_LARGE = "TOO_LARGE"  #: more decoded bytes than the limit
    TOO_SLOW = "TOO_SLOW"  #: not complete within the total time limit
    TOO_MANY_REDIRECTS = "TOO_MANY_REDIRECTS"
    BAD_ENCODING = "BAD_ENCODING"  #: a content coding that cannot be undone
    DNS = "DNS"  #: the host name has no address
    CONNECT = "CONNECT"  #: refused, unreachable or reset
    TLS = "TLS"  #: certificate or handshake
    TRUNCATED = "TRUNCATED"  #: fewer bytes than announced
    HTTP_STATUS = "HTTP_STATUS"  #: an answer that is neither 2xx nor 304
    HTTP_GONE = "HTTP_GONE"  #: 404 or 410
    HTTP_WAIT = "HTTP_WAIT"  #: 429 or 503: the host asks for patience

    BAD_XML = "BAD_XML"
    TOO_DEEP = "TOO_DEEP"  #: nesting beyond the limit
    PARSE_TIMEOUT = "PARSE_TIMEOUT"  #: the reader was stopped at its time or memory limit
    NOT_A_FEED = "NOT_A_FEED"
    NOT_A_PAGE = "NOT_A_PAGE"  #: not HTML
    NOT_AN_ARTICLE = "NOT_AN_ARTICLE"  #: an HTML page without an article in it
    LOGIN_PAGE = "LOGIN_PAGE"  #: a login, captcha or consent page stands in for the real one
    EMPTY_LIST = "EMPTY_LIST"  #: no article found where there were some
    BOX_NOT_FOUND = "BOX_NOT_FOUND"  #: no list stands under that heading
    DOUBTFUL_LIST = "DOUBTFUL_LIST"  #: another list stands where the list of a page was
    SHRUNK_LIST = "SHRUNK_LIST"  #: a ranked box with less than half of its usual entries

    DATABASE = "DATABASE"  #: a source's database cannot be reached, is locked or too slow
    BAD_TABLE = "BAD_TABLE"  #: a table, column or query that the source's database does not know
    BAD_FOLDER = "BAD_FOLDER"  #: a source's folder cannot be read, or everything in it is gone at once
    BAD_FILE = "BAD_FILE"  #: a file of a folder that is not what its name says
    NOT_WORDPRESS = "NOT_WORDPRESS"  #: no REST API of WordPress answers there
    POISON = "POISON"  #: worker after worker died over it, or was slower than its lease
    PLUGIN = "PLUGIN"  #: a plug-in cannot be loaded, or failed

    UNKNOWN_ARTICLE = "UNKNOWN_ARTICLE"  #: no article has that id or address
    UNKNOWN_SECTION = "UNKNOWN_SECTION"
    BAD_VALUE = "BAD_VALUE"  #: a value that a field cannot have
    NOT_YOURS = "NOT_YOURS"  #: an article or a section that a token has no right to
    OTHER_VERSION = "OTHER_VERSION"  #: the article is not as If-Match or If-None-Match expects
    ERASED = "ERASED"  #: the texts of the article were removed for ever

    BAD_SUBSCRIPTION = "BAD_SUBSCRIPTION"  #: a subscriber's request that cannot be read
    TOO_MANY_SUBSCRIPTIONS = "TOO_MANY_SUBSCRIPTIONS"  #: of one callback host

    NOT_NOTIFIED = "NOT_NOTIFIED"  #: a mail server or webhook did not take a notice for the operator

    BROKER = "BROKER"  #: what carries units of work to Celery's workers does not answer

    BUCKET = "BUCKET"  #: an object storage takes no documents

    STORE = "STORE"
    STORE_VERSION = "STORE_VERSION"  #: the database is older or newer than this program
    STORE_OF_ANOTHER_SITE = "STORE_OF_ANOTHER_SITE"  #: its ids were made from another namespace
    STORE_NOT_EMPTY = "STORE_NOT_EMPTY"  #: a store that something is to be copied into has articles
    STORE_GONE = "STORE_GONE"  #: its file was deleted or replaced while it was in use
    STORE_DAMAGED = "STORE_DAMAGED"  #: a store or a backup that is not what it was when it was written
    STORE_BUSY = "STORE_BUSY"
    SERVE = "SERVE"
    PORT_TAKEN = "PORT_TAKEN"
    INTERNAL = "INTERNAL"  #: a fault in feedsvc itself: please report it


#: What would break out of a line, or turn its letters round: C0 and C1 controls, separators of lines, bidi
#: controls, halves of surrogate pairs. Each is shown as its number.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LONGEST = 2000  #: characters of a message


def one_line(text: str) -> str:
    """A text that may hold words of strangers, as it may stand in a log, on a terminal and in the store."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class FeedsvcError(Exception):
    """The base: `str(error)` is one sentence for a person, `error.code` is for programs.

    `said`: the log has it already.
    """

    said = False

    def __init__(self, code: Code, message: str) -> None:
        message = one_line(message if len(message) <= LONGEST else f"{message[:LONGEST]}…")
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    @property
    def level(self) -> int:
        """At which level of `logging` to say it: nobody reads a thousand times that a store is gone."""
        return logging.DEBUG if self.said else logging.ERROR


class ConfigError(FeedsvcError):
    """The configuration cannot be used. `problems` holds one sentence each, with its path."""

    def __init__(self, file: str, problems: tuple[str, ...]) -> None:
        head = f"{file}: {len(problems)} problem{'s' if len(problems) != 1 else ''}"
        super().__init__(Code.CONFIG, head)
        self.message = "\n  ".join([head, *problems])
        self.file = file
        self.problems = problems

    def __reduce__(self) -> tuple[type[ConfigError], tuple[str, tuple[str, ...]]]:
        return type(self), (self.file, self.problems)


class BrokerError(FeedsvcError):
    """The broker does not take or count messages; the due table keeps what is due."""


class BucketError(FeedsvcError):
    """An object storage does not take a document; the service goes on serving it."""


class SourceError(FeedsvcError):
    """One source failed; what is served stays as it is."""


class FetchError(SourceError):
    """The bytes did not come.

    `status` is the HTTP status where there was one; `wait` are the seconds that the host of `url`, which a
    redirect may have led to, asked for.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        status: int | None = None,
        wait: float | None = None,
        url: str = "",
    ) -> None:
        super().__init__(code, message)
        self.status = status
        self.wait = wait
        self.url = url


class UnreachedError(FetchError):
    """No connection came about: the host was asked nothing."""


class ReadError(SourceError):
    """The bytes came, but they are not what they should be."""


class PluginError(SourceError):
    """What a plug-in raises: one sentence for a person that says what is wrong and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(Code.PLUGIN, message)

    def __reduce__(self) -> tuple[type[PluginError], tuple[str]]:
        return type(self), (self.message,)


class EditorialError(FeedsvcError):
    """What a person or a content management system asked for cannot be done."""


class HubError(FeedsvcError):
    """What a subscriber asked of the hub cannot be done."""


class NoticeError(FeedsvcError):
    """An operator could not be told."""


class StoreError(FeedsvcError):
    """The database cannot be used."""


class StoreRaceError(StoreError):
    """A transaction lost against another one that ran at the same time; the same again may succeed."""


class ServeError(FeedsvcError):
    """The service cannot start."""
