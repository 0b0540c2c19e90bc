"""The body of a list, a feed or an article page → what the lists of a newsroom take from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from feedsvc.collect.pictures import Pictures
from feedsvc.curate.mending import Candidate, other_list
from feedsvc.curate.resemblance import Trace, is_another
from feedsvc.errors import Code, ReadError
from feedsvc.extract.listing import find_box
from feedsvc.extract.read import VERSION
from feedsvc.fetch.pace import PostponedError
from feedsvc.model import ArticleReading, Draft, Fetched, FoundList, Image, PageReading, ReadingSpec
from feedsvc.plugin_api import FeedReading, Job, Reading
from feedsvc.protocols import Extractor, Task, Wishes
from feedsvc.store.queue.operating import taken as reading_taken
from feedsvc.websub import links

MOST_WAITING = 64  #: pages that wait for their picture; the pictures of more are not looked at
LARGEST_WAITING = 1024 * 1024  #: bytes of such a page
MOST_TRIES = 6  #: robots.txt, the gap, redirects
SIDE_BY_SIDE = 10  #: headlines of each of two readings that a person compares
MIN_USUAL = 4  #: a ranked box with fewer usual entries may shrink as it likes


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What the readings of one upstream took from a poll, and what went wrong with some of them."""

    by_list: tuple[tuple[str, tuple[tuple[Draft, bool], ...]], ...] = ()  #: list → (draft, read its page?)
    answer: Fetched | None = None  #: whose validators and body are kept; None: an older page's are not
    read_as: str = ""  #: fingerprint of what understood it
    problem: ReadError | None = None  #: the first; its list stays as it is
    wishes: Wishes | None = None  #: None: no body was read
    hubs: tuple[tuple[str, str], ...] | None = None  #: (hub, topic) that a feed names; None: not asked
    seconds: float = 0.0  #: that a source took
    note: str = ""  #: for people
    cursor: str | None = None  #: how far a source, or a list with older pages, was read
    more: bool = False  #: the next part is to follow at once
    older: bool = False  #: an older page was read: it does not say what the list shows now
    withdrawn_rows: tuple[str, ...] = ()  #: rows that the source took back
    alive_rows: frozenset[str] | None = None  #: all rows that it still has: the others are withdrawn
    traces: dict[str, Any] | None = None  #: what the lists look like now; None: no list was read
    paged: tuple[PageReading, Sequence[Draft]] | None = None  #: the list whose older pages are read, too
    proposal: dict[str, Any] | None = None  #: another list of the page that may be the right one
    requests: int = 1  #: that the poll made


@dataclass(frozen=True, slots=True)
class _Page:
    """An article's page that was read, and how often its picture had to wait."""

    body: Fetched
    draft: Draft
    tries: int


class Bodies:
    """Reads what was fetched.

    `shown` says how many articles a ranked box shows now, `newest` what a list showed last: (title, address).
    """

    def __init__(
        self,
        *,
        extractor: Extractor,
        pictures: Pictures,
        shown: Callable[[str], int],
        newest: Callable[[str], Sequence[tuple[str, str]]] = lambda key: (),
        follows: bool,
    ) -> None:
        self._extractor = extractor
        self._pictures = pictures
        self._shown = shown
        self._newest = newest
        self._follows = follows
        self._waiting: dict[int, _Page] = {}

    def read(self, task: Task, body: Fetched) -> PollResult:
        """What the readings of a task take from its body; raises ReadError where nothing can be read."""
        readers = {"article": self._article, "feed": self._feed, "page": self.page}
        return readers[task.upstream.kind](task, body)

    def _read(self, task: Task, job: Job) -> Reading:
        return self._extractor.read(job, own=task.claim.own)

    def waiting(self, task: Task) -> Fetched | None:
        """The page of an article that was fetched before, if its picture had to wait for the host's gap."""
        page = self._waiting.get(task.claim.upstream)
        return page.body if page else None

    def _job(self, task: Task, body: Fetched, kind: str, select: Mapping[str, str] | None = None) -> Job:
        return Job(
            kind=kind,
            body=body.body,
            url=body.url,
            charset=body.charset,
            media_type=body.media_type,
            language=task.upstream.language,
            zone=task.upstream.zone,
            now=body.at,
            select=select,
        )

    def _article(self, task: Task, body: Fetched) -> PollResult:
        page = self._waiting.pop(task.claim.upstream, None)
        if page is None or page.body.body != body.body:
            reading = self._read(task, self._job(task, body, "article"))
            assert isinstance(reading, ArticleReading)
            page = _Page(body, reading.draft, tries=page.tries if page else 0)
        draft = page.draft
        if draft.image is not None:
            draft = replace(draft, image=self._picture(task, page, draft.image))
        also = tuple(
            dict.fromkeys(url for url in (task.upstream.url, body.url, *draft.also) if url != draft.url)
        )
        return PollResult(by_list=(("", ((replace(draft, also=also), False),)),))

    def _picture(self, task: Task, page: _Page, image: Image) -> Image:
        """The picture with what can be found out of it; raises PostponedError where its host comes first."""
        own = task.claim.own
        try:
            return self._pictures.complete(image, host=task.claim.host, own=own, rested=page.tries > 0)
        except PostponedError:
            room = len(self._waiting) < MOST_WAITING and len(page.body.body) <= LARGEST_WAITING
            if page.tries == MOST_TRIES or not room:
                return image
            self._waiting[task.claim.upstream] = replace(page, tries=page.tries + 1)
            raise

    def _feed(self, task: Task, body: Fetched) -> PollResult:
        reading = self._read(task, self._job(task, body, "feed"))
        assert isinstance(reading, FeedReading)
        by_list = []
        for spec in task.readings:
            wanted = tuple(draft for draft in reading.entries if belongs(spec, draft))
            by_list.append((spec.list, tuple((draft, self._follow(spec, task, draft)) for draft in wanted)))
        hubs = None
        if self._follows and task.planned is None:
            link = body.hints.get("link", "")
            hub = links.discovered(link, url=body.url, hub=reading.hub, topic=reading.topic)
            hubs = (hub,) if hub is not None else ()
        return PollResult(by_list=tuple(by_list), wishes=Wishes(reading.ttl, reading.skip), hubs=hubs)

    def _follow(self, spec: ReadingSpec, task: Task, draft: Draft) -> bool:
        """Whether an entry's page is read: as configured, else where the entry leaves much open."""
        if spec.follow is not None:
            return spec.follow
        return task.claim.own and not (draft.content and draft.published)

    def page(self, task: Task, body: Fetched, *, number: int = 1) -> PollResult:
        """What the readings take from a page; `number` is its number where it is an older one of the list."""
        by_list = []
        problems = []
        traces = dict(task.traces or {})
        proposal: dict[str, Any] | None = None
        paged: tuple[PageReading, Sequence[Draft]] | None = None
        pages: dict[tuple[tuple[str, str], ...], PageReading] = {}
        for spec in task.readings:
            if number > spec.pages:
                continue
            selectors = tuple(sorted(spec.select.items()))
            try:
                if selectors not in pages:
                    reading = self._read(task, self._job(task, body, "page", dict(spec.select) or None))
                    assert isinstance(reading, PageReading)
                    pages[selectors] = reading
                every = self._take(task, spec, pages[selectors])
                if number == 1 and not spec.box and not selectors:
                    traces[spec.list] = self._trace(task, spec, pages[selectors])
            except ReadError as error:
                problems.append(error)
                if number == 1 and selectors in pages:
                    proposal = proposal or self._proposal(spec, pages[selectors], error.code)
            else:
                if task.drift and number == 1 and not selectors:
                    taken = find_box(pages[selectors], spec.box) if spec.box else pages[selectors].main
                    proposal = proposal or self._proposal(spec, pages[selectors], "", taken)
                if spec.pages > 1 and paged is None:
                    paged = (pages[selectors], every)
                follow = spec.follow is not False
                drafts = [draft for draft in every if belongs(spec, draft)]
                by_list.append((spec.list, tuple((draft, follow) for draft in drafts)))
        return PollResult(
            by_list=tuple(by_list),
            problem=next(iter(problems), None),
            wishes=Wishes(),
            traces=traces if number == 1 else None,
            paged=paged,
            proposal=proposal,
        )

    def _proposal(
        self, spec: ReadingSpec, page: PageReading, code: str, taken: FoundList | None = None
    ) -> dict[str, Any] | None:
        """Another list of the page that may be the one that was meant, beside what the feed shows."""
        shown = self._newest(spec.list)
        if code == Code.DOUBTFUL_LIST:
            assert page.main is not None  # it was doubted
            found = Candidate(page.main, 0)
        else:
            other = other_list(page, [url for _, url in shown], taken=taken, heading=spec.box)
            if other is None:
                return None
            found = other
        new = found.found
        if code == Code.DOUBTFUL_LIST:
            instead = None  # the reading is right: what it finds is in doubt
        elif new.heading and find_box(page, new.heading) is new:
            instead = reading_taken(spec, box=new.heading, select={})
        else:
            instead = reading_taken(spec, box="", select={"item": new.select})
        return {
            "list": spec.list,
            "code": code,
            "instead": instead,
            "old": {"heading": spec.box, "items": list(shown[:SIDE_BY_SIDE])},
            "new": {
                "heading": new.heading,
                "select": new.select,
                "confidence": round(new.confidence, 2),
                "known": found.shared,
                "items": [(item.title, item.url) for item in new.items[:SIDE_BY_SIDE]],
            },
        }

    @staticmethod
    def _trace(task: Task, spec: ReadingSpec, page: PageReading) -> dict[str, Any]:
        """What the main list of a page looks like; raises ReadError where it is another one than before."""
        assert page.main is not None  # it was taken
        trace = Trace.of(page.main)
        kept = (task.traces or {}).get(spec.list)
        if kept is not None and is_another(Trace.load(kept), trace):
            raise ReadError(
                Code.DOUBTFUL_LIST,
                f"{task.upstream.name}: it shows another list than before, headed "
                f"{trace.heading!r}, beginning with {page.main.items[0].title!r}; nothing is taken from it",
            )
        return trace.dump()

    def _take(self, task: Task, spec: ReadingSpec, page: PageReading) -> tuple[Draft, ...]:
        """The drafts that one reading takes from a page; raises ReadError where it must not be believed."""
        where = f"{task.upstream.name}: "
        if page.verdict in ("login", "blocked"):
            raise ReadError(
                Code.LOGIN_PAGE, f"{where}a {page.verdict} page was sent instead; {page.hint}".rstrip("; ")
            )
        box = find_box(page, spec.box) if spec.box else page.main
        if box is None and spec.box:
            headings = ", ".join(repr(shown.heading) for shown in page.lists if shown.heading)
            raise ReadError(
                Code.BOX_NOT_FOUND,
                f"{where}there is no list under {spec.box!r}; headings on the page: {headings or 'none'}",
            )
        if box is None or not box.items:
            raise ReadError(
                Code.EMPTY_LIST,
                f"{where}no list of articles was found ({page.verdict}); {page.hint}".rstrip("; "),
            )
        drafts = tuple(
            Draft(
                url=item.url,
                title=item.title,
                published=item.published,
                doubt=item.doubt,
                summary=item.summary,
                image=Image(url=item.image) if item.image else None,
                confidence={"list": box.confidence},
            )
            for item in box.items
        )
        if task.lists.get(spec.list):
            usual = self._shown(spec.list)
            if usual >= MIN_USUAL and len(drafts) * 2 < usual:
                raise ReadError(
                    Code.SHRUNK_LIST, f"{where}{spec.box!r} shows {len(drafts)} articles, usually {usual}"
                )
        return drafts


def belongs(spec: ReadingSpec, draft: Draft) -> bool:
    """Whether `match` and `not` let a draft into the list: substrings of address, title and categories."""
    if not spec.match and not spec.exclude:
        return True
    text = "\n".join((draft.url, draft.title, draft.section, *draft.tags)).casefold()
    if spec.match and spec.match.casefold() not in text:
        return False
    return not (spec.exclude and spec.exclude.casefold() in text)


def depth(task: Task) -> int:
    """How many pages of the list the readings want."""
    return max((spec.pages for spec in task.readings), default=1)


def fingerprint(task: Task) -> str:
    """What the understanding of a body depends on besides the body."""
    readings = sorted(
        (
            spec.list,
            spec.box,
            sorted(spec.select.items()),
            spec.match,
            spec.exclude,
            str(spec.follow),
            spec.pages,
        )
        for spec in task.readings
    )
    options = [task.upstream.language, task.upstream.zone.key, readings]
    return f"{VERSION}:{hashlib.blake2b(orjson.dumps(options), digest_size=12).hexdigest()}"
