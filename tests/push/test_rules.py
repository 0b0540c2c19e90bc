"""The rules of WebSub as pure functions: requests, questions, signatures, repetitions, links."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import Code, HubError
from feedsvc.model import ListKind, ListSpec
from feedsvc.websub import asking, links, retry, signature, verify
from feedsvc.websub.rules import Rules, topics

NOW = datetime(2025, 12, 18, 12, 0, tzinfo=UTC)
RULES = Rules(lease_min=300, lease_max=1000, lease_default=600)
GOOD = {
    "hub.mode": "subscribe",
    "hub.callback": "https://reader.example/cb?id=7&x",
    "hub.topic": "https://feeds.example/feeds/politik.atom",
}


def ask(**fields: str) -> asking.Ask:
    given_fields = {**GOOD, **{f"hub.{name}": value for name, value in fields.items()}}
    return asking.read([*given_fields.items(), ("other", "1"), ("other", "2")], RULES)


def test_a_request_as_it_is_taken() -> None:
    one = ask(secret="s" * 199, lease_seconds="700")
    assert (one.mode, one.callback, one.topic) == tuple(GOOD.values())
    assert (one.host, one.secret, one.lease_seconds) == ("reader.example", "s" * 199, 700)


@pytest.mark.parametrize(
    ("wanted", "given_lease"),
    [("", 600), ("0", 300), ("3153600000", 1000), ("300", 300), ("999999999999999999", 1000)],
)
def test_leases_are_clamped(wanted: str, given_lease: int) -> None:
    assert ask(lease_seconds=wanted).lease_seconds == given_lease


@pytest.mark.parametrize(
    "fields",
    [
        {"mode": ""},
        {"mode": "publish"},
        {"mode": "Subscribe"},
        {"callback": ""},
        {"callback": "https://reader.example/cb#part"},
        {"callback": "https://reader.example/cb#"},
        {"callback": "ftp://reader.example/"},
        {"callback": "//reader.example/cb"},
        {"callback": "/cb"},
        {"callback": "https://user:pw@reader.example/"},
        {"callback": "https://reader.example:99999/"},
        {"callback": f"https://reader.example/{'x' * 1000}"},
        {"callback": "javascript:alert(1)"},
        {"callback": "https://reader.example/\r\nX: y"},
        {"callback": "https://reader.example/a\tb"},
        {"callback": " https://reader.example/"},
        {"topic": ""},
        {"topic": "politik"},
        {"topic": f"https://feeds.example/{'x' * 400}"},
        {"secret": "s" * 200},
        {"secret": "é" * 100},  # 200 bytes
        {"lease_seconds": "soon"},
        {"lease_seconds": "1e9"},
        {"lease_seconds": "-5"},
        {"lease_seconds": "٣٠٠"},
    ],
)
def test_requests_that_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(HubError) as caught:
        ask(**fields)
    assert caught.value.code is Code.BAD_SUBSCRIPTION


def test_unknown_and_repeated_fields_are_ignored() -> None:
    more = [("hub.verify", "async"), ("hub.verify", "sync"), ("hub.x", "1"), ("hub.mode", "subscribe")]
    assert asking.read([*GOOD.items(), *more], RULES) == ask()


def test_a_field_with_two_values_is_refused() -> None:
    with pytest.raises(HubError, match=r"hub\.topic"):
        asking.read([*GOOD.items(), ("hub.topic", "https://feeds.example/feeds/dunia.atom")], RULES)


@pytest.mark.parametrize("name", ["hub.callback", "hub.secret", "hub.topic"])
def test_a_field_whose_bytes_were_lost_is_refused(name: str) -> None:
    """Another callback would be asked, and every signature made with another secret."""
    with pytest.raises(HubError, match=rf"{name} must be UTF-8"):
        asking.read([*(GOOD | {name: f"{GOOD.get(name, 's')}\ufffd"}).items()], RULES)
    assert asking.read([*GOOD.items(), ("x", "\ufffd")], RULES) == ask()


@given(st.lists(st.tuples(st.sampled_from([*GOOD, "hub.secret", "hub.lease_seconds", "x"]), st.text())))
def test_no_form_breaks_the_reader(form: list[tuple[str, str]]) -> None:
    try:
        one = asking.read(form, RULES)
    except HubError:
        return
    assert 300 <= one.lease_seconds <= 1000
    assert one.callback.startswith(("http://", "https://"))


def test_topics_are_the_plain_addresses_of_feeds() -> None:
    lists = [
        ListSpec(key="politik", slug="politik", kind=ListKind.SECTION, title="Politik"),
        ListSpec(key="old", slug="old", kind=ListKind.SECTION, title="Old", retired=True),
    ]
    base = "https://feeds.example/feeds/politik"
    assert topics("https://feeds.example", lists) == {f"{base}.rss", f"{base}.atom", f"{base}.json"}


@pytest.mark.parametrize(
    ("callback", "kept"),
    [
        ("https://r.example/cb", []),
        ("https://r.example/cb?", []),
        ("https://r.example/cb?a=1&b=%20&c", [("a", "1"), ("b", " "), ("c", "")]),
        ("https://r.example/cb?a=1&", [("a", "1")]),
    ],
)
def test_the_query_of_a_callback_is_kept(callback: str, kept: list[tuple[str, str]]) -> None:
    topic = "https://feeds.example/feeds/a.rss"
    url = verify.question(callback, mode="subscribe", topic=topic, challenge="c&=", lease_seconds=9)
    assert url.startswith(callback)
    assert parse_qsl(urlsplit(url).query, keep_blank_values=True) == [
        *kept,
        ("hub.mode", "subscribe"),
        ("hub.topic", topic),
        ("hub.challenge", "c&="),
        ("hub.lease_seconds", "9"),
    ]
    asked = verify.question(callback, mode="unsubscribe", topic=topic, challenge="c", lease_seconds=9)
    assert "lease_seconds" not in asked
    denied = dict(parse_qsl(urlsplit(verify.denial(callback, topic=topic, reason="ü & so")).query))
    assert (denied["hub.mode"], denied["hub.reason"]) == ("denied", "ü & so")


def test_only_the_challenge_itself_confirms() -> None:
    challenge = verify.new_challenge()
    assert challenge != verify.new_challenge()
    assert len(challenge) >= 32
    assert verify.is_confirmed(200, challenge.encode(), challenge)
    assert verify.is_confirmed(204 - 1, challenge.encode(), challenge)
    for status, body in ((404, challenge), (302, challenge), (200, ""), (200, f"{challenge} "), (200, "ok")):
        assert not verify.is_confirmed(status, body.encode(), challenge)


@pytest.mark.parametrize("method", signature.METHODS)
@given(secret=st.text(min_size=1, max_size=199), body=st.binary(max_size=500))
def test_signatures_are_those_of_the_standard_library_and_are_checked(
    method: str, secret: str, body: bytes
) -> None:
    try:
        key = secret.encode()
    except UnicodeEncodeError:  # a lone surrogate, which no form can carry
        return
    made = signature.sign(method, secret, body)
    assert made == f"{method}={hmac.new(key, body, getattr(hashlib, method)).hexdigest()}"
    assert signature.is_genuine(made, secret, body)
    assert signature.is_genuine(made.upper().replace(method.upper(), method), secret, body)
    assert not signature.is_genuine(made, secret, body + b"x")
    assert not signature.is_genuine(made, secret + "x", body)


@given(st.text())
def test_no_header_is_taken_for_a_signature(header: str) -> None:
    assert not signature.is_genuine(header, "secret", b"body")


def test_sha1_and_missing_signatures_are_not_genuine() -> None:
    sha1 = hmac.new(b"secret", b"body", "sha1").hexdigest()
    for header in (f"sha1={sha1}", "", "sha256=", "sha256", "md5=0", sha1):
        assert not signature.is_genuine(header, "secret", b"body")


@given(st.integers(0, 10_000), st.floats(0, 1), st.none() | st.floats(0, 1e9))
def test_pauses_stay_in_bounds(tries: int, jitter: float, wait: float | None) -> None:
    found = retry.pause(tries, lambda: jitter, wait)
    assert retry.LEAST <= found <= retry.LONGEST
    if wait is not None:
        assert found >= timedelta(seconds=min(wait, 21600))


def test_jitter_is_full_and_grows() -> None:
    assert retry.pause(3, lambda: 0.0) == retry.LEAST
    assert [retry.pause(n, lambda: 1.0).total_seconds() for n in range(4)] == [5, 10, 20, 40]


def test_a_callback_is_dead_after_seven_days() -> None:
    assert not retry.is_dead(None, NOW)
    assert not retry.is_dead(NOW - timedelta(days=6, hours=23), NOW)
    assert retry.is_dead(NOW - timedelta(days=7), NOW)


HUB = "https://hub.example/"
FEED = "https://up.example/feed"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f'<{HUB}>; rel="hub", <{FEED}?self>; rel="self"', (HUB, f"{FEED}?self")),
        (f"<{HUB}>;rel=hub", (HUB, FEED)),
        (f'<{HUB}>; title="a, <b>; rel=\\"x"; rel="alternate hub"', (HUB, FEED)),
        ("</hub>; REL=HUB", ("https://up.example/hub", FEED)),
        (f'<{HUB}a>; rel="hub", <{HUB}b>; rel="hub"', (f"{HUB}a", FEED)),
        ("<javascript:alert(1)>; rel=hub", None),
        ('<https://x.example/>; rel="next"', None),
        ("", None),
        ("<<<>>>;;;rel=hub", None),
    ],
)
def test_hubs_in_link_headers(header: str, found: tuple[str, str] | None) -> None:
    assert links.discovered(header, url=FEED, hub="", topic="") == found


def test_the_link_header_wins_over_the_body() -> None:
    header = f'<{HUB}>; rel="hub"'
    assert links.discovered(header, url=FEED, hub="https://b.example/", topic="https://t.example/") == (
        HUB,
        "https://t.example/",
    )
    assert links.discovered("", url=FEED, hub="https://b.example/", topic="") == ("https://b.example/", FEED)


@given(st.text(alphabet='<>;=", relhubsf\\https:/x.e', max_size=300))
def test_no_link_header_breaks_the_reader(header: str) -> None:
    for address in links.linked(header, FEED).values():
        assert address.startswith(("http://", "https://"))
