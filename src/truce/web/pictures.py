"""The picture: map, timeline and list from one answer; as a page and as values."""

import csv
import io

from litestar import Response, get

from truce.canonical import Json
from truce.errors import InvalidQuery
from truce.picture import Answer, Dossier, answer_values, dossier_of, features_from
from truce.picture.blind import blind_area
from truce.picture.features import rows_from
from truce.picture.question import NAMES
from truce.web.asked import answer_asked
from truce.web.chips import chips_of
from truce.web.frame import LEDGER, Frame
from truce.web.handlers import FrameHere, SiteHere, html
from truce.web.listing import export_name, listing
from truce.web.site import Site


@get("/", sync_to_thread=True)
def picture(site: SiteHere, frame: FrameHere) -> Response[str]:
    """The picture page, or its list alone where a script asks for it."""
    answer = answer_asked(site, frame)
    values = listing(site, frame, answer)
    # Everything but the line of a ledger has its own input in the form of filters.
    values["chips"] = chips_of(site, frame, LEDGER[0])
    if frame.one("part") == "rows":
        return html(site, frame, "_rows.html", **values)
    if frame.is_swap:
        response = html(site, frame, "_answer.html", **values)
        # What was asked for by itself is no step that somebody would go back to.
        if frame.one("part") != "live":
            response.headers["HX-Push-Url"] = frame.link_here(values["page_query"])
        return response
    dossier = _opened(site, frame)
    return html(site, frame, "picture.html", desk="picture", dossier=dossier, **values)


@get("/incidents", sync_to_thread=True)
def incidents(site: SiteHere, frame: FrameHere) -> Response[str]:
    """Every match as a table."""
    values = listing(site, frame, answer_asked(site, frame))
    values["chips"] = chips_of(site, frame, *NAMES, *LEDGER)
    return html(site, frame, "incidents.html", desk="incidents", **values)


@get("/api/picture", sync_to_thread=True)
def picture_values(site: SiteHere, frame: FrameHere) -> Json:
    """The same answer as plain values."""
    source = site.desk.source
    answer = answer_asked(site, frame)
    values = answer_values(answer, record_kind=source.record_kind, origin=source.origin)
    assert isinstance(values, dict)
    return values | {name: frame.only(name) for name in LEDGER if frame.only(name)}


@get("/map/features", sync_to_thread=True)
def features(site: SiteHere, frame: FrameHere) -> Json:
    """The same answer as GeoJSON."""
    source = site.desk.source
    answer = answer_asked(site, frame)
    return features_from(answer, record_kind=source.record_kind, origin=source.origin)


@get("/map/blind", sync_to_thread=True)
def blind(site: SiteHere, frame: FrameHere) -> Json:
    """Where nobody is known to have looked in the span of the question."""
    shown = site.desk.picture(frame.reader, frame.as_of)
    return blind_area(site.desk.source, shown, frame.question, gate=site.desk.gate)


@get("/map/base", sync_to_thread=True)
def base_map(site: SiteHere) -> Response[bytes]:
    """The record's own land."""
    return Response(site.desk.source.base_map(), media_type="application/geo+json")


@get("/export/incidents.csv", sync_to_thread=True)
def export(site: SiteHere, frame: FrameHere) -> Response[str]:
    """The same answer as a table for programs; every row says its record's kind."""
    answer = answer_asked(site, frame)
    kind = site.desk.source.record_kind.value
    name = export_name(kind, answer)
    return Response(
        csv_from(answer, kind),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def csv_from(answer: Answer, record_kind: str) -> str:
    """An answer as CSV (RFC 4180), one match a row, lists parted by semicolons."""
    out = io.StringIO()
    rows = [_flat(row, record_kind, answer) for row in rows_from(answer.matched)]
    writer = csv.writer(out, lineterminator="\r\n")
    if rows:
        writer.writerow(rows[0])
        writer.writerows(row.values() for row in rows)
    return out.getvalue()


def _flat(row: dict[str, Json], record_kind: str, answer: Answer) -> dict[str, Json]:
    cells = {name: _cell(value) for name, value in row.items()}
    return {"record_kind": record_kind, "marking": answer.reader.value, **cells}


def _cell(value: Json) -> Json:
    if isinstance(value, dict):
        return ";".join(f"{key}={weight:g}" for key, weight in value.items())
    if isinstance(value, list):
        return ";".join(str(one) for one in value)
    # A cell that opens like a formula is one to spreadsheets: an apostrophe stops it.
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value


def _opened(site: Site, frame: Frame) -> Dossier | None:
    """The incident that the address holds open, if this reader is given it."""
    if not frame.opened:
        return None
    shown = site.desk.picture(frame.reader, frame.as_of)
    try:
        return dossier_of(site.desk.source, shown, frame.opened)
    except InvalidQuery:
        return None


ROUTES = (picture, incidents, picture_values, features, blind, base_map, export)

__all__ = ["ROUTES", "csv_from"]
