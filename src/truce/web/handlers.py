"""What the handlers share: the site and the frame of a request, as Litestar gives them."""

from typing import Annotated, Any

from litestar import Request, Response
from litestar.params import Dependency

from truce.web.frame import Frame, frame_from_request
from truce.web.rendering import page
from truce.web.site import Site

SiteHere = Annotated[Site, Dependency(skip_validation=True)]
FrameHere = Annotated[Frame, Dependency(skip_validation=True)]


def frame_here(request: Request[Any, Any, Any], site: SiteHere) -> Frame:
    """The frame of the request that is being answered."""
    return frame_from_request(request, site)


def html(site: Site, frame: Frame, template: str, **values: Any) -> Response[str]:
    """A rendered page as a response."""
    return Response(
        page(site, frame, template, **values), media_type="text/html; charset=utf-8"
    )


__all__ = ["FrameHere", "SiteHere", "frame_here", "html"]
