"""The pages: one server for one record.

In: a `PictureSource` and requests. Out: pages, JSON, GeoJSON and server-sent events.

Always holds: every value on a page comes from `picture`, which asks release; the
address says exactly what is shown; every page, file and feed says whether its record is
real, an exercise or a study; a page works without scripts, but for the map.

Not decided here: who sees what (release), what an answer holds (picture), and what is
true (everything below).
"""

from truce.web.server import make_web

__all__ = ["make_web"]
