"""An article as a newsroom's own system sends it to `/api/articles`: its shape and its limits."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from feedsvc import urls
from feedsvc.model import Enclosure, Episode, EpisodeKind, Image, Submission, Transcript

MAX_ID = 200
FIRST_YEAR, LAST_YEAR = 1000, 9998  #: every zone can write these in four digits
MAX_LENGTH = 2**63 - 1  #: bytes: what databases hold
LANGUAGE = r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$"
#: Not every database takes a NUL, and no address should. U+FFFD stands where a byte could not be read: two
#: ids whose letters were lost look alike, and one article would overwrite the other.
PRINTABLE = r"^[^\x00-\x1f\x7f\ufffd]*$"


def _address(value: str) -> str:
    return urls.page(_link(value))


def _link(value: str) -> str:
    """An address with its fragment: a live blog's articles differ in nothing else."""
    found = urls.absolute(value, value, fragment=True)
    if found is None:
        raise ValueError("must be an address that begins with http:// or https://")
    return found


_URI = {"format": "uri", "pattern": r"^\s*[Hh][Tt]{2}[Pp][Ss]?://[^/?#]{1,253}([/?#]|$)"}
Address = Annotated[str, AfterValidator(_address), Field(max_length=2000, json_schema_extra=_URI)]
Link = Annotated[str, AfterValidator(_link), Field(max_length=2000, json_schema_extra=_URI)]


def _moment(value: datetime) -> datetime:
    try:
        year = value.astimezone(UTC).year
    except OverflowError:
        year = 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"must lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


#: What a schema can say of it; what a zone makes of the first and last days is for `_moment`.
WRITTEN = r"^(?!9999)[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:"


def _written(value: object) -> object:
    """Numbers are no dates: nobody knows whether they count seconds or milliseconds."""
    if not isinstance(value, str) or not re.match(WRITTEN, value):
        raise ValueError(f"must be a time of RFC 3339, in the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_moment),
    BeforeValidator(_written),
    Field(strict=False, json_schema_extra={"pattern": WRITTEN}),  # else no text is one after a validator
]


def _whole(value: object) -> object:
    """5.0 is an integer to JSON Schema (2020-12, 4.2.3)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, BeforeValidator(_whole)]
Line = Annotated[str, Field(min_length=1, max_length=500)]

#: A value has the type that the schema says: "5" is no number, "yes" no truth.
STRICT = ConfigDict(extra="forbid", strict=True)
READ_ONLY: dict[str, Any] = {"readOnly": True}


class Picture(BaseModel):
    """The lead image."""

    model_config = STRICT
    url: Address
    width: Whole = Field(0, ge=0, le=100_000)
    height: Whole = Field(0, ge=0, le=100_000)
    type: str = Field("", pattern=r"^(image/[\w.+-]+)?$")
    length: Whole = Field(0, ge=0, le=MAX_LENGTH)
    caption: str = Field("", max_length=5000)
    credit: str = Field("", max_length=500)


class File(BaseModel):
    """A file that comes with the article."""

    model_config = STRICT
    url: Address
    type: str = Field("", pattern=r"^([\w.+-]+/[\w.+-]+)?$")
    length: Whole = Field(0, ge=0, le=MAX_LENGTH)


class TranscriptFile(BaseModel):
    """The words of an episode, or its captions."""

    model_config = STRICT
    url: Address
    type: str = Field("", pattern=r"^([\w.+-]+/[\w.+-]+)?$")
    language: str = Field("", pattern=LANGUAGE)
    captions: bool = False


class EpisodeIn(BaseModel):
    """What the article is as an episode of a podcast."""

    model_config = STRICT
    duration: Whole = Field(0, ge=0, le=30 * 86_400, description="Seconds.")
    number: float | None = Field(None, ge=0, le=1_000_000)
    season: Whole = Field(0, ge=0, le=1_000_000)
    kind: EpisodeKind | None = None
    explicit: bool | None = None
    image: Address | Literal[""] = Field("", description="Its own cover, a square.")
    title: str = Field("", max_length=500, description="Where lists of episodes show another one.")
    summary: str = Field("", max_length=4000, description="Plain text.")
    transcripts: list[TranscriptFile] = Field([], max_length=10)
    chapters: Address | Literal[""] = Field("", description="A file with JSON chapters.")

    def said(self) -> Episode | None:
        """The episode; None where nothing is said of it."""
        transcripts = tuple(Transcript(**one.model_dump()) for one in self.transcripts)
        found = Episode(**self.model_dump(exclude={"transcripts"}), transcripts=transcripts)
        return found if found != Episode() else None


class ArticleIn(BaseModel):
    """An article as a newsroom's system sends it. `id` or `url` tells whether it is known already.

    What GET shows may be sent back as it is: `self`, `state` and `version` are not read.
    """

    model_config = STRICT
    id: str = Field(
        "",
        max_length=MAX_ID,
        pattern=PRINTABLE,
        description="The system's own id, without control characters and U+FFFD, which never changes; or the"
        " public id.",
    )
    own_id: str = Field(
        "", max_length=MAX_ID, pattern=PRINTABLE, description="The system's own id; it wins over `id`."
    )
    url: Link | Literal[""] | None = Field(None, description="Where people read it.")
    title: str = Field(min_length=1, max_length=1000, description="Plain text.")
    content: str = Field("", max_length=2_000_000, description="HTML; it is sanitised.")
    summary: str = Field("", max_length=10_000, description="Plain text.")
    authors: list[Line] = Field([], max_length=50)
    sections: list[Line] = Field(min_length=1, max_length=50, description="Slugs of configured sections.")
    tags: list[Line] = Field([], max_length=100)
    image: Picture | None = None
    enclosures: list[File] = Field([], max_length=20)
    published: Moment | None = Field(None, description="RFC 3339 with zone; in the future: an embargo.")
    updated: Moment | None = None
    language: str = Field("", pattern=LANGUAGE)
    episode: EpisodeIn | None = None
    self_: Any = Field(None, alias="self", description="Not read.", json_schema_extra=READ_ONLY)
    state: Any = Field(None, description="Not read.", json_schema_extra=READ_ONLY)
    version: Any = Field(None, description="Not read; send If-Match.", json_schema_extra=READ_ONLY)

    def submitted(self) -> Submission:
        """What the newsroom says, without what only the service says."""
        return Submission(
            id=self.own_id or self.id,
            url=self.url or "",
            title=self.title,
            content=self.content,
            summary=self.summary,
            authors=tuple(self.authors),
            sections=tuple(self.sections),
            tags=tuple(self.tags),
            image=Image(**self.image.model_dump()) if self.image else None,
            enclosures=tuple(Enclosure(**file.model_dump()) for file in self.enclosures),
            published=self.published,
            updated=self.updated,
            language=self.language,
            episode=self.episode.said() if self.episode else None,
        )
