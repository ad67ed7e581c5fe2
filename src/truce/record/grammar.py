"""The one form of an entry and of its header, as patterns over bytes.

Both are RFC 8785 (canonical JSON) with fixed keys and restricted texts, so that each is
one pattern: what fits it is canonical, and nothing else is an entry. A pattern is also
what makes reading a million entries quick.

Source: docs/spec/record.md, 2 and 3.
"""

import re
from typing import Final

HEADER_TYPE: Final = "application/vnd.truce.header.v1+json"
COMMITMENT: Final = "sha256-salted-v1"
_NAME: Final = rb"[a-z0-9][a-z0-9-]{0,62}"
_KIND: Final = rb"[a-z][a-z0-9-]{0,62}"
_MARKING: Final = rb"[A-Z][A-Z-]{0,31}"
_ORIGIN: Final = rb"truce/(?:real|exercise|study)/%s/[0-9a-f]{32}" % _NAME
# Six digits of a second that are not all noughts, or none at all: one form a moment.
_TIME: Final = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(?!000000)\d{6})?Z"

HEADER: Final = re.compile(
    rb'\{"by":"(%(name)s)",'
    rb'"commitment":\{"digest":"([0-9a-f]{64})","form":"%(form)s"\},'
    rb'"kind":"(%(kind)s)","marking":"(%(marking)s)","record":"(%(origin)s)",'
    rb'"schema":([1-9][0-9]{0,5}),"stated_at":"(%(time)s)","v":1\}'
    % {
        b"name": _NAME,
        b"form": COMMITMENT.encode(),
        b"kind": _KIND,
        b"marking": _MARKING,
        b"origin": _ORIGIN,
        b"time": _TIME,
    }
)
_ENVELOPE: Final = (
    rb'\{"payload":"(?P<header>[A-Za-z0-9+/]+={0,2})","payloadType":"%s",'
    rb'"signatures":\[\{"keyid":"(?P<key>[0-9a-f]{16})",'
    rb'"sig":"(?P<signature>[A-Za-z0-9+/]{86}==)"\}\]\}'
    % re.escape(HEADER_TYPE).encode()
)
# The first line of a statement file.
LINE: Final = re.compile(
    rb'\{"envelope":(?P<envelope>%s),"salt":"(?P<salt>[A-Za-z0-9+/]{43}=)"\}'
    % _ENVELOPE
)
ENTRY: Final = re.compile(
    rb'\{"envelope":(?P<envelope>%s),"sealed_at":"(?P<sealed_at>%s)"\}'
    % (_ENVELOPE, _TIME)
)

__all__ = ["COMMITMENT", "ENTRY", "HEADER", "HEADER_TYPE", "LINE"]
