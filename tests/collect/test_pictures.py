"""Pictures: what their first bytes tell, the one small request for them, and what feeds carry of it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedsvc.collect.pictures import BYTES, Pictures
from feedsvc.errors import Code, FetchError
from feedsvc.extract.picture import facts
from feedsvc.fetch.client import Client
from feedsvc.fetch.courtesy import Courtesy
from feedsvc.fetch.guard import Guard
from feedsvc.fetch.pace import MemoryPace, PostponedError
from feedsvc.model import Image
from tests.collect.newsroom import House, house
from tests.conftest import Clock
from tests.servers import Exchange, ScriptedServer

MEDIA = "{http://search.yahoo.com/mrss/}"


def png(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"\0" * 200_000) + chunk(b"IEND", b"")


def jpeg(width: int, height: int, exif: int = 0) -> bytes:
    """With `exif` bytes of application data before the size, as cameras write."""
    app = b"\xff\xe1" + struct.pack(">H", exif + 2) + b"\0" * exif if exif else b""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\1\x22\0\2\x11\1\3\x11\1"
    return b"\xff\xd8" + app + frame + b"\xff\xda" + b"\0" * 100_000


def box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + name + data


def avif(width: int, height: int) -> bytes:
    ispe = box(b"ispe", struct.pack(">III", 0, width, height))
    ipma = box(b"ipma", struct.pack(">II", 0, 1) + struct.pack(">HBB", 1, 1, 1))
    infe = box(b"infe", struct.pack(">IHH", 2 << 24, 1, 0) + b"av01\0")
    parts = [
        box(b"hdlr", struct.pack(">II", 0, 0) + b"pict" + b"\0" * 13),
        box(b"pitm", struct.pack(">IH", 0, 1)),
        box(b"iinf", struct.pack(">IH", 0, 1) + infe),
        box(b"iprp", box(b"ipco", ispe) + ipma),
    ]
    return box(b"ftyp", b"avif\0\0\0\0avifmif1") + box(b"meta", struct.pack(">I", 0) + b"".join(parts))


def webp(width: int, height: int) -> bytes:
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    data = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(data)) + data


def lossy_webp(width: int, height: int) -> bytes:
    data = b"WEBPVP8 " + struct.pack("<I", 10) + b"\0\0\0\x9d\x01\x2a"
    data += struct.pack("<HH", width | 0x4000, height | 0x8000)  # with a scale in the upper bits
    return b"RIFF" + struct.pack("<I", len(data)) + data


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (png(1200, 675), (1200, 675, "image/png")),
        (jpeg(1280, 720), (1280, 720, "image/jpeg")),
        (jpeg(1280, 720, 60_000), (1280, 720, "image/jpeg")),
        (jpeg(1280, 720, 65_525)[:BYTES], (0, 0, "image/jpeg")),  # its size comes too late
        (b"GIF89a" + struct.pack("<HH", 640, 480) + b"\0\0\0", (640, 480, "image/gif")),
        (webp(1024, 512), (1024, 512, "image/webp")),
        (lossy_webp(800, 450), (800, 450, "image/webp")),
        (avif(1600, 900), (1600, 900, "image/avif")),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"/>', (300, 200, "image/svg+xml")),
        (b'<?xml version="1.0"?><svg viewBox="0 0 3 2"/>', (0, 0, "image/svg+xml")),
        (png(0, 10), (0, 0, "image/png")),
        (png(4_000_000_000, 10), (0, 0, "image/png")),
        (b"<html><body>not found</body></html>", (0, 0, "")),
        (b"", (0, 0, "")),
    ],
)
def test_first_bytes_tell_size_and_kind(data: bytes, told: tuple[int, int, str]) -> None:
    assert facts(data[:BYTES]) == told


HEADS = [
    png(9, 9)[:64],
    jpeg(9, 9)[:64],
    avif(9, 9),
    webp(9, 9),
    b"GIF89a\1\0\1\0",
    b"<svg width='1' height='2'",
]


@given(st.sampled_from(HEADS), st.integers(0, 300), st.binary(max_size=400))
def test_no_bytes_break_it(head: bytes, keep: int, rest: bytes) -> None:
    width, height, kind = facts(head[:keep] + rest)
    assert (width > 0) == (height > 0)
    assert kind or not width


# ── the request ───────────────────────────────────────────────────────────────────────────────────────


class Remembered(dict[str, Image]):
    """A memory of pictures."""

    def recall(self, url: str) -> Image | None:
        return self.get(url)

    def remember(self, image: Image, at: datetime) -> None:
        self[image.url] = image


class Rules:
    """A robots.txt in one word."""

    def __init__(self, gap: float | None = 1.0) -> None:
        self.gap = gap

    def check(self, url: str) -> float:
        if self.gap is None:
            raise FetchError(Code.BLOCKED_ROBOTS, "not this")
        return self.gap


def prober(server: ScriptedServer, *, robots: Rules | None = None) -> tuple[Pictures, Remembered]:
    memory = Remembered()

    def now() -> datetime:
        return datetime(2025, 12, 18, 12, tzinfo=UTC)

    guard = Guard(
        own=frozenset({server.host}), ports=frozenset({server.port}), networks=(ip_network("127.0.0.1/32"),)
    )
    pace = MemoryPace()
    pictures = Pictures(
        pace=pace,
        courtesy=Courtesy(Client(guard, user_agent="t", now=now), robots or Rules(), pace),
        memory=memory,
        now=now,
        is_own=guard.owns,
    )
    return pictures, memory


def in_part(data: bytes, kind: str = "image/png") -> Callable[[Exchange], None]:
    """A server that knows ranges."""

    def answer(exchange: Exchange) -> None:
        first, _, last = exchange.headers["range"].removeprefix("bytes=").partition("-")
        part = data[int(first) : int(last) + 1]
        told = {
            "Content-Type": kind,
            "Content-Range": f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}",
        }
        exchange.answer(206, part, told)

    return answer


def test_one_small_request_tells_it_all(upstream: ScriptedServer) -> None:
    data = png(1200, 675)
    upstream.routes["/a.png"] = in_part(data)
    upstream.page("/b.png", data, Content_Type="image/png")  # knows no ranges
    pictures, _ = prober(upstream)
    for path in ("/a.png", "/b.png"):
        for _ in range(3):
            found = pictures.complete(Image(url=upstream.url(path)), host="", own=True)
            assert (found.width, found.height, found.type, found.length) == (
                1200,
                675,
                "image/png",
                len(data),
            )
    assert upstream.paths() == ["/a.png", "/b.png"]
    headers = upstream.log[0][2]
    assert headers["range"] == "bytes=0-65535"
    assert headers["accept-encoding"] == "identity"


def test_the_pages_own_figures_come_first(upstream: ScriptedServer) -> None:
    upstream.routes["/a.png"] = in_part(png(1200, 675))
    pictures, _ = prober(upstream)
    found = pictures.complete(
        Image(url=upstream.url("/a.png"), width=600, height=338, type="image/webp"), host="", own=True
    )
    assert (found.width, found.height, found.type) == (600, 338, "image/webp")
    whole = Image(url=upstream.url("/c.png"), width=1, height=1, type="image/png", length=5)
    assert pictures.complete(whole, host="", own=True) is whole
    assert upstream.paths() == ["/a.png"]


@pytest.mark.parametrize("status", [404, 403, 500, 416])
def test_a_picture_that_is_not_there_is_asked_for_once(upstream: ScriptedServer, status: int) -> None:
    upstream.page("/a.png", b"<h1>no</h1>", status)
    pictures, _ = prober(upstream)
    image = Image(url=upstream.url("/a.png"), caption="Kota")
    for _ in range(2):
        assert pictures.complete(image, host="", own=True) == image
    assert upstream.paths() == ["/a.png"]


def test_what_is_no_picture_has_no_length(upstream: ScriptedServer) -> None:
    upstream.page("/a.png", b"<html>a page with status 200</html>")
    pictures, _ = prober(upstream)
    image = Image(url=upstream.url("/a.png"))
    assert pictures.complete(image, host="", own=True) == image


def test_a_host_that_does_not_answer_is_left_alone(upstream: ScriptedServer) -> None:
    upstream.routes["*"] = lambda exchange: exchange.connection.close()
    pictures, memory = prober(upstream)
    for n in range(3):
        image = Image(url=upstream.url(f"/{n}.png"))
        assert pictures.complete(image, host="", own=True) == image
    assert upstream.paths() == ["/0.png"]
    assert not memory


def test_foreign_hosts_are_asked_politely(upstream: ScriptedServer) -> None:
    upstream.routes["*"] = in_part(png(8, 8))
    image = Image(url=upstream.url("/a.png"))
    pictures, memory = prober(upstream, robots=Rules(3.0))
    with pytest.raises(PostponedError) as later:  # the page came from the same host a moment ago
        pictures.complete(image, host=upstream.host, own=False)
    assert later.value.seconds == 3.0
    assert upstream.log == []
    assert pictures.complete(image, host=upstream.host, own=False, rested=True).width == 8
    memory.clear()
    other, memory = prober(upstream)
    assert other.complete(image, host="elsewhere.example", own=False).width == 8
    memory.clear()
    # its gap is not over: nothing is waited for
    assert other.complete(image, host="elsewhere.example", own=False) == image
    assert not memory
    asked = len(upstream.log)
    for rules in (Rules(None), Rules(30.0)):
        pictures, _ = prober(upstream, robots=rules)
        assert pictures.complete(image, host=upstream.host, own=False) == image
    assert len(upstream.log) == asked


# ── in the feeds ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def room(tmp_path: Path, clock: Clock, upstream: ScriptedServer) -> Iterator[House]:
    with house(tmp_path, clock, upstream) as found:
        yield found


def test_feeds_carry_what_is_known_and_leave_out_the_rest(room: House) -> None:
    data = jpeg(1280, 720)
    room.server.routes["/foto/a.jpg"] = in_part(data, "image/jpeg")
    room.site.publish("/read/a", "Banjir melanda tiga desa", "/berita", image="/foto/a.jpg")
    room.site.publish("/read/b", "Pasar baru dibuka", "/berita", image="/foto/hilang.jpg")
    room.look()
    rss = etree.fromstring(room.document("/feeds/berita.rss"))
    items = {one.findtext("title"): one for one in rss.iter("item")}
    told = items["Banjir melanda tiga desa"]
    content, enclosure = told.find(f"{MEDIA}content"), told.find("enclosure")
    assert content is not None
    assert enclosure is not None
    assert (content.get("width"), content.get("height"), content.get("type")) == ("1280", "720", "image/jpeg")
    assert enclosure.get("length") == content.get("fileSize") == str(len(data))
    bare = items["Pasar baru dibuka"]
    content = bare.find(f"{MEDIA}content")
    assert content is not None
    assert content.get("width") is None
    assert bare.find("enclosure") is None
    # what could be known later changes nothing that is served
    before = room.pipeline.tags()
    room.server.routes["/foto/hilang.jpg"] = in_part(data, "image/jpeg")
    for _ in range(3):
        room.look(minutes=30)
    assert room.pipeline.tags() == before
    assert room.server.paths().count("/foto/a.jpg") == 1
