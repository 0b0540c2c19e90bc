"""An article as a newsroom's own system sends it to `/api/articles`: its shape and its limits."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from feedsvc import urls

MAX_ID = 200
PRINTABLE = r"^[^\x00-\x1f\x7f]*$"  #: not every database takes a NUL, and no address should


def _address(value: str) -> str:
    return urls.page(_link(value))


def _link(value: str) -> str:
    """An address with its fragment: a live blog's articles differ in nothing else."""
    found = urls.absolute(value, value, fragment=True)
    if found is None:
        raise ValueError("must be an address that begins with http:// or https://")
    return found


Address = Annotated[
    str, AfterValidator(_address), Field(max_length=2000, json_schema_extra={"format": "uri"})
]
Link = Annotated[str, AfterValidator(_link), Field(max_length=2000, json_schema_extra={"format": "uri"})]
Line = Annotated[str, Field(min_length=1, max_length=500)]


class Picture(BaseModel):
    """The lead image."""

    model_config = ConfigDict(extra="forbid")
    url: Address
    width: int = Field(0, ge=0, le=100_000)
    height: int = Field(0, ge=0, le=100_000)
    type: str = Field("", pattern=r"^(image/[\w.+-]+)?$")
    length: int = Field(0, ge=0)
    caption: str = Field("", max_length=5000)
    credit: str = Field("", max_length=500)


class File(BaseModel):
    """A file that comes with the article."""

    model_config = ConfigDict(extra="forbid")
    url: Address
    type: str = Field("", pattern=r"^([\w.+-]+/[\w.+-]+)?$")
    length: int = Field(0, ge=0)


class ArticleIn(BaseModel):
    """An article as a newsroom's system sends it. `id` or `url` tells whether it is known already."""

    model_config = ConfigDict(extra="forbid")
    id: str = Field(
        "",
        max_length=MAX_ID,
        pattern=PRINTABLE,
        description="The system's own id, without control characters; it never changes.",
    )
    url: Link | None = Field(None, description="Where people read it.")
    title: str = Field(min_length=1, max_length=1000, description="Plain text.")
    content: str = Field("", max_length=2_000_000, description="HTML; it is sanitised.")
    summary: str = Field("", max_length=10_000, description="Plain text.")
    authors: list[Line] = Field([], max_length=50)
    sections: list[Line] = Field(min_length=1, max_length=50, description="Slugs of configured sections.")
    tags: list[Line] = Field([], max_length=100)
    image: Picture | None = None
    enclosures: list[File] = Field([], max_length=20)
    published: AwareDatetime | None = Field(
        None, description="RFC 3339 with zone; in the future: an embargo."
    )
    updated: AwareDatetime | None = None
    language: str = Field("", pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")
