"""Timestamps by RFC 3161: asking an authority over HTTP, and checking its answers.

The imprint is SHA-256 over all bytes of the checkpoint's note. What comes back is
checked here, without a network, before anybody keeps it: granted, of these bytes, with
our nonce, signed by a certificate for time stamping that leads to a trusted root.
Source: RFC 3161, sections 2.4 and 3.4; docs/spec/record.md, section 8.

Gap: whether an authority's certificate was revoked is not asked; that would need a
network at the very moment of checking, years later.
"""

import hashlib
import re
import ssl
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Sequence
from datetime import timedelta
from email.message import Message
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import rfc3161_client as rfc3161
from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from truce.errors import AnswerIsNo, InvalidInput, ProofFails, Unavailable
from truce.formats.rows import excerpt
from truce.record.timestamps import FILE_SIZE_MAX
from truce.workflows.custody.ports import Stamp

# The object identifier of SHA-256. Source: RFC 5754, section 2.2.
_SHA256: Final = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
# Source: RFC 3161, section 3.4.
_QUERY: Final = "application/timestamp-query"
_REPLY: Final = "application/timestamp-reply"
# What OpenSSL says of a chain, out of the stack of errors around it.
_VERIFY_ERROR: Final = re.compile(r'data: "Verify error: ([^"]+)"')
# An authority answers within a second; a minute leaves room for a bad line.
_TIMEOUT_S: Final = 20.0
_WHOLE_S: Final = 60.0
# From here on an HTTP status is the server's trouble and not our request's.
_SERVER_FAULT: Final = 500
# Too many requests, or too slow a one: the same request may be made again.
_AGAIN: Final = frozenset({408, 425, 429})


def roots_from_pem(pem: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file.

    Raises:
        InvalidInput: it holds none, or one that cannot be read.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        raise InvalidInput(
            f"--roots holds no certificates in PEM ({error}); name the file of the "
            "authority's root certificate"
        ) from error


def roots_from_file(path: Path | None) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM file; those that this machine trusts where None.

    Raises:
        InvalidInput: no certificate is there.
        Unavailable: the file cannot be read.
    """
    if path is not None:
        try:
            return roots_from_pem(path.read_bytes())
        except OSError as error:
            raise Unavailable(
                f"{path}: {error.strerror or error}; check its rights, then try again",
                is_retry_safe=True,
            ) from error
    found = ssl.create_default_context().get_ca_certs(binary_form=True)
    trusted = tuple(root for root in map(_root_from_der, found) if root is not None)
    if not trusted:
        raise InvalidInput(
            "this machine trusts no root certificates; name the authority's own: "
            "--roots PEM"
        )
    return trusted


def _root_from_der(der: bytes) -> x509.Certificate | None:
    """A certificate; None for one that RFC 5280 disallows, as systems keep some from
    before it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        try:
            return x509.load_der_x509_certificate(der)
        except (ValueError, CryptographyDeprecationWarning):
            return None


class OfflineStamps:
    """Reads and checks responses under trusted roots, without a network."""

    def __init__(self, roots: Sequence[x509.Certificate]) -> None:
        self._roots = tuple(roots)

    def read(self, response: bytes) -> Stamp:
        """What a response states; nobody checked it.

        Raises:
            ProofFails: it is no response that grants a timestamp.
        """
        return _stamp(_granted(response))

    def verify(
        self, note: bytes, response: bytes, *, nonce: int | None = None
    ) -> Stamp:
        """What a response states of these bytes, once it holds under the roots.

        `nonce` is that of the question; None where it is not known any more.

        Raises:
            ProofFails: not granted, of other bytes, of another question, or not signed
                by a time stamping certificate that leads to one of the roots.
        """
        parsed = _granted(response)
        imprint = parsed.tst_info.message_imprint
        if imprint.hash_algorithm != _SHA256:
            raise ProofFails("timestamp's imprint is not SHA-256")
        if imprint.message != hashlib.sha256(note).digest():
            raise ProofFails("timestamp is of other bytes than the checkpoint's")
        if nonce is not None and parsed.tst_info.nonce != nonce:
            raise ProofFails(
                "timestamp answers another question than ours (its nonce differs)"
            )
        verifier = rfc3161.VerifierBuilder(roots=list(self._roots)).build()
        try:
            verifier.verify_message(parsed, note)
        except (rfc3161.VerificationError, ValueError) as error:
            reason = _VERIFY_ERROR.search(str(error))
            raise ProofFails(
                "timestamp's signature does not lead to a trusted root: "
                f"{reason[1] if reason else error}"
            ) from error
        return _stamp(parsed)


class HttpAuthority:
    """A time stamping authority at an address, by RFC 3161 over HTTP."""

    def __init__(
        self, url: str, stamps: OfflineStamps, *, timeout_s: float = _TIMEOUT_S
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise InvalidInput(
                f"--tsa is {url!r}, expected an address with http or https"
            )
        self._url = url
        self._stamps = stamps
        self._timeout_s = timeout_s

    def stamp(self, note: bytes) -> bytes:
        """The authority's response over these bytes, checked.

        Raises:
            AnswerIsNo: the authority refuses, or answers what does not hold.
            Unavailable: it cannot be reached, or is in trouble; a retry is safe.
        """
        question = (
            rfc3161.TimestampRequestBuilder()
            .data(note)
            .hash_algorithm(rfc3161.HashAlgorithm.SHA256)
            .nonce(nonce=True)
            .cert_request(cert_request=True)
            .build()
        )
        response = self._asked(question.as_bytes())
        try:
            self._stamps.verify(note, response, nonce=question.nonce)
        except ProofFails as error:
            raise ProofFails(f"{self._url}: {error}; nothing was kept") from error
        return response

    def _asked(self, question: bytes) -> bytes:
        headers = {"Content-Type": _QUERY, "Accept": _REPLY}
        request = urllib.request.Request(
            self._url, data=question, headers=headers, method="POST"
        )
        # A redirect turns a question into a visit elsewhere: it is an answer we refuse.
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=self._timeout_s) as answer:
                return _bounded(answer, self._url)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error.code, error.reason) from error
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise Unavailable(
                f"{self._url}: {reason}; nothing was kept, try again later",
                is_retry_safe=True,
            ) from error

    def _refused(self, status: int, reason: str) -> AnswerIsNo | Unavailable:
        told = f"{self._url} answers {status} {reason}; nothing was kept"
        if status >= _SERVER_FAULT or status in _AGAIN:
            return Unavailable(f"{told}, try again later", is_retry_safe=True)
        return AnswerIsNo(f"{told}; check the address")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the status stands as the answer."""

    def redirect_request(
        self,
        req: urllib.request.Request,  # noqa: ARG002 # the base's signature
        fp: IO[bytes],  # noqa: ARG002
        code: int,  # noqa: ARG002
        msg: str,  # noqa: ARG002
        headers: Message,  # noqa: ARG002
        newurl: str,  # noqa: ARG002
    ) -> None:
        """None: no other request is made."""
        return


def _bounded(answer: HTTPResponse, url: str) -> bytes:
    """A response's body, unless it is too large or drips in too slowly."""
    ends = time.monotonic() + _WHOLE_S
    content = b""
    while part := answer.read1(1 << 16):
        content += part
        if len(content) > FILE_SIZE_MAX:
            raise AnswerIsNo(
                f"{url} answers more than {FILE_SIZE_MAX} bytes, which no timestamp "
                "has; nothing was kept; check the address"
            )
        if time.monotonic() > ends:
            raise Unavailable(
                f"{url} did not end its answer within {_WHOLE_S:.0f} s; nothing was "
                "kept, try again later",
                is_retry_safe=True,
            )
    return content


def _granted(response: bytes) -> rfc3161.TimeStampResponse:
    """The response, where it grants a timestamp. GRANTED with changes is none: what we
    asked for has nothing to change.
    """
    try:
        parsed = rfc3161.decode_timestamp_response(response)
        status = rfc3161.PKIStatus(parsed.status)
    except ValueError as error:
        raise ProofFails(f"no timestamp response: {error}") from error
    if status is not rfc3161.PKIStatus.GRANTED:
        words = " ".join(parsed.status_string) or "without a reason"
        raise ProofFails(f"timestamp authority refuses: {status.name}, {words}")
    return parsed


def _stamp(parsed: rfc3161.TimeStampResponse) -> Stamp:
    try:
        told = parsed.tst_info
        accuracy = told.accuracy
        return Stamp(
            stamped_at=told.gen_time,
            accuracy=None if accuracy is None else _timedelta(accuracy),
            authority=_signer_of(parsed),
            serial=told.serial_number,
        )
    except ValueError as error:
        raise ProofFails(f"timestamp cannot be read: {error}") from error


def _timedelta(accuracy: rfc3161.Accuracy) -> timedelta:
    return timedelta(
        seconds=accuracy.seconds or 0,
        milliseconds=accuracy.millis or 0,
        microseconds=accuracy.micros or 0,
    )


def _signer_of(parsed: rfc3161.TimeStampResponse) -> str:
    """The subject of the certificate that the signature names; empty where the response
    does not hold it.
    """
    signers = [(s.issuer, s.serial_number) for s in parsed.signed_data.signer_infos]
    for der in sorted(parsed.signed_data.certificates):
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) in signers:
            # Whoever made the certificate wrote it: it goes on screens and papers.
            return excerpt(certificate.subject.rfc4514_string())
    return ""


__all__ = ["HttpAuthority", "OfflineStamps", "roots_from_file", "roots_from_pem"]
