"""What handlers share: the site and the frame of a request, as Litestar gives them."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from truce.web.frame import Frame, frame_from_request
from truce.web.rendering import page
from truce.web.site import Site

SiteHere = NamedDependency[SkipValidation[Site]]
FrameHere = NamedDependency[SkipValidation[Frame]]


def frame_here(request: Request[Any, Any, Any], site: SiteHere) -> Frame:
    """The frame of the request that is being answered."""
    return frame_from_request(request, site)


def html(site: Site, frame: Frame, template: str, **values: Any) -> Response[str]:
    """A rendered page as a response."""
    return Response(
        page(site, frame, template, **values), media_type="text/html; charset=utf-8"
    )


__all__ = ["FrameHere", "SiteHere", "frame_here", "html"]
