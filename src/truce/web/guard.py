"""What protects every response: headers, and which names this server answers to."""

from typing import Any, Final

from litestar import Response
from litestar.exceptions import PermissionDeniedException

# Only our own files run, nothing inline, nothing from elsewhere. MapLibre draws in
# workers and holds its images as blobs. Source: CSP Level 3; MapLibre GL JS, "CSP".
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# The names of this machine itself.
LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


def verify_host(host: str, known: frozenset[str]) -> None:
    """Refuse a request for a name that is not ours.

    A page elsewhere can point its own name at this machine and so ask from loopback, as
    the mechanism; the Host header is what gives it away.

    Raises:
        PermissionDeniedException: the Host header holds another name.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if name.lower() not in known:
        raise PermissionDeniedException(
            f"this server does not answer to {name!r}; expected one of "
            f"{', '.join(sorted(known))}"
        )


def with_headers(response: Response[Any]) -> Response[Any]:
    """The response with every protecting header; nobody is to keep a page."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Vary", "HX-Request, Accept-Language, Cookie")
    return response


__all__ = ["HEADERS", "LOOPBACK_HOSTS", "POLICY", "verify_host", "with_headers"]
