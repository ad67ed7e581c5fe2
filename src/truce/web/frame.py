"""What surrounds every page: who reads, in which language, as of when; its links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from litestar import Request

from truce.errors import InvalidQuery
from truce.picture import AsOf, Question, query_from_question
from truce.picture.question import (
    NAMES,
    moment_from_text,
    question_from_query,
    verify_length,
)
from truce.release.model import Reader
from truce.web.site import Site
from truce.wording import LANGUAGES, Language, language_from_header

# What every link carries on: they say how a page is read, not what it shows.
CARRIED: Final = ("lang", "as", "at", "position")
# Which line of a report's ledger is asked for, on every page of one answer.
LEDGER: Final = ("change", "since")
# What only the pages of the agreement and of the record ask.
OWN: Final = ("agreement", "clause", "verdict", "outcome")
# All that says what a page shows, the question first: one view has one address.
_VIEW: Final = (*NAMES, *OWN, *LEDGER, *CARRIED, "open")
# Headers by which a proxy says that somebody else stands behind it.
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_THEMES: Final = ("dim", "light")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """How one request is to be answered. `pairs` are its address's names and values."""

    path: str
    pairs: tuple[tuple[str, str], ...]
    reader: Reader
    own_reader: Reader
    language: Language
    as_of: AsOf
    question: Question
    theme: str
    is_swap: bool

    @property
    def opened(self) -> str:
        """The incident that stands open beside the list, or an empty text."""
        return self.one("open")

    @property
    def readers(self) -> tuple[Reader, ...]:
        """As whom this reader may look: itself and everybody who is given less."""
        return tuple(r for r in Reader if r.rank >= self.own_reader.rank)

    def one(self, name: str) -> str:
        """The first value of a name in the address, or an empty text."""
        return next((value for known, value in self.pairs if known == name), "")

    def only(self, name: str) -> str:
        """The one value of a name in the address, or an empty text.

        Raises:
            InvalidQuery: it is given twice, or longer than any name.
        """
        values = [value for known, value in self.pairs if known == name and value]
        if len(values) > 1:
            raise InvalidQuery(f"{name} is given {len(values)} times, expected once")
        for value in values:
            verify_length(name, value)
        return values[0] if values else ""

    def carried(self, *without: str) -> tuple[tuple[str, str], ...]:
        """What a form must send along so that everything but `without` stays."""
        return tuple(
            (name, value)
            for name, value in self.pairs
            if value and name not in without and name in _VIEW
        )

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What a form of filters must send along."""
        names = (*CARRIED, *LEDGER)
        return tuple(pair for pair in self.pairs if pair[0] in names and pair[1])

    def without(self, *names: str, value: str | None = None) -> str:
        """The address of this page less what it asks by `names`, on its first page.

        With a `value` only what is asked by that very value is left out.
        """
        rest = [
            (name, one)
            for name, one in self.pairs
            if one and name in _VIEW and name != "page"
            if name not in names or value not in (None, one.strip())
        ]
        return f"{self.path}?{urlencode(rest)}" if rest else self.path

    def link(
        self, path: str, *, keep: bool = False, **changes: str | int | None
    ) -> str:
        """An address that is read like this one; with `keep` it also asks the same.

        `changes` set names, or leave them out where they are None.
        """
        # The question first, as in `link_here`: one view has one address.
        names = _VIEW if keep else CARRIED
        pairs = [
            (name, value)
            for wanted in names
            for name, value in self.pairs
            if name == wanted and name not in changes and value
        ]
        pairs += [(n, str(v)) for n, v in changes.items() if v is not None]
        query = urlencode(pairs)
        address = quote(path, safe="/#:@")
        return f"{address}?{query}" if query else address

    def ask(self, *, part: str | None = None, **changes: Any) -> str:
        """An address of this desk with its question changed; it begins at page 1."""
        changes.setdefault("page", 1)
        return self._with_question(replace(self.question, **changes), part)

    def ask_nothing(self) -> str:
        """An address of this desk without any filter; the order stays."""
        query = query_from_question(Question(sort=self.question.sort))
        kept = [pair for pair in self.kept if pair[0] not in LEDGER]
        return self._address(query, kept)

    def link_here(self, query: str) -> str:
        """The address of this page for a question: what a browser's bar should say."""
        return self._address(query, self.kept)

    def _address(self, query: str, kept: Iterable[tuple[str, str]]) -> str:
        extra = urlencode([*kept, *self._opened_pair()])
        whole = "&".join(text for text in (query, extra) if text)
        return f"{self.path}?{whole}" if whole else self.path

    def _opened_pair(self) -> tuple[tuple[str, str], ...]:
        return (("open", self.opened),) if self.opened else ()

    def _with_question(self, question: Question, part: str | None) -> str:
        address = self.link_here(query_from_question(question))
        if part is None:
            return address
        return f"{address}{'&' if '?' in address else '?'}part={part}"


def frame_from_request(request: Request[Any, Any, Any], site: Site) -> Frame:
    """How a request is to be answered.

    Raises:
        InvalidQuery: its address asks for what has no meaning or is not for its reader.
    """
    pairs = tuple((str(n), str(v)) for n, v in request.query_params.multi_items())
    values = dict(reversed(pairs))
    reader = _reader(request, site, values.get("as"))
    theme = request.cookies.get("theme", "")
    asked = values.get("lang", "")
    preferred = language_from_header(request.headers.get("accept-language", ""))
    return Frame(
        path=request.url.path,
        pairs=pairs,
        reader=reader,
        own_reader=_reader(request, site, None),
        language=asked if asked in LANGUAGES else preferred,
        as_of=_as_of(site, values, reader),
        question=question_from_query(pairs, zone=site.desk.zone),
        theme=theme if theme in _THEMES else "",
        is_swap=request.headers.get("hx-request") == "true",
    )


def plain_frame(request: Request[Any, Any, Any], site: Site) -> Frame:
    """A frame for a page about a fault: the address may be what is wrong."""
    return Frame(
        path="/",
        pairs=(),
        reader=_reader(request, site, None),
        own_reader=_reader(request, site, None),
        language=language_from_header(request.headers.get("accept-language", "")),
        as_of=site.desk.now(site.clock()),
        question=Question(),
        theme="",
        is_swap=request.headers.get("hx-request") == "true",
    )


def _reader(request: Request[Any, Any, Any], site: Site, asked: str | None) -> Reader:
    # Without a peer (a socket in the file system) nobody knows who asks.
    peer = request.client.host if request.client else ""
    is_forwarded = any(name in request.headers for name in _FORWARDED)
    return site.readers(peer, asked, is_forwarded=is_forwarded)


def _as_of(site: Site, values: Mapping[str, str], reader: Reader) -> AsOf:
    """The moment that an address asks for; forms send local times without a zone."""
    at, position = values.get("at", ""), values.get("position", "")
    if position and reader is not Reader.MECHANISM:
        raise InvalidQuery(
            f"position is for the mechanism; {reader.value} may ask with at"
        )
    if position and not (position.isascii() and position.isdigit()):
        raise InvalidQuery(f"position is {position!r}, expected a whole number")
    return site.desk.as_of(
        site.clock(),
        at=moment_from_text(at, site.desk.zone) if at else None,
        count=int(position) if position else None,
    )


__all__ = ["CARRIED", "LEDGER", "OWN", "Frame", "frame_from_request", "plain_frame"]
