"""RFC 3161 timestamps: that a note existed at the time that an authority states.

1. The response is granted, and its token is signed data over a TSTInfo.
2. The imprint is SHA-256 of the note.
3. The signed attributes hold the digest of the TSTInfo, and name the signer's
   certificate by its hash.
4. The signer's certificate is critically for timestamping alone, and its key signed.
5. Certificates valid at that time lead from the signer to a root that the reader gave;
   where none was given the timestamp is not anchored: anybody may have made it.
Gap: revocation is not asked for; an authority's withdrawn key is not noticed.

Source: RFC 3161; RFC 5652, 5; RFC 5816; RFC 5280, 6.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from truce_verify import Wrong, reading

_SIGNED, _TST = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
_TYPE, _DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_ESS, _ESS_2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
_SHA256, _PSS = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.10"
_HASHES = {
    _SHA256: hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}


class _Der(NamedTuple):
    tag: int
    body: bytes
    whole: bytes

    def parts(self) -> "list[_Der]":
        return _elements(self.body)


def _elements(raw: bytes) -> list[_Der]:
    """All elements of DER, one after another; ValueError for anything else."""
    found, at = [], 0
    while at < len(raw):
        size, start = raw[at + 1], at + 2
        if size > 127:
            start += size - 128
            size = int.from_bytes(raw[at + 2 : start], "big")
        if start + size > len(raw) or raw[at] & 31 == 31 or raw[at + 1] == 128:
            raise ValueError("DER is cut short or in another form")
        end = start + size
        found.append(_Der(raw[at], raw[start:end], raw[at:end]))
        at = end
    return found


def _oid(one: _Der) -> str:
    """The object identifier, or the one that opens a sequence."""
    body = one.body if one.tag == 6 else one.parts()[0].body
    arcs, value = [body[0] // 40, body[0] % 40], 0  # all of ours begin with 1 or 2.<40
    for octet in body[1:]:
        value = value << 7 | octet & 127
        if octet < 128:
            arcs.append(value)
            value = 0
    return ".".join(map(str, arcs))


def verify_timestamp(
    tsr: bytes, note: bytes, roots: Sequence[x509.Certificate]
) -> tuple[datetime, bool]:
    """The time stated over a note, and whether one of the roots vouches for it."""
    with reading("timestamp-form", "timestamp"):
        # 1. The response, the token, the TSTInfo.
        [response] = _elements(tsr)
        status, token = response.parts()
        token_type, wrapped = token.parts()
        data = wrapped.parts()[0].parts()
        tst_type, tst_wrapped = data[2].parts()
        [info], [signer] = tst_wrapped.parts(), data[-1].parts()
        _, _, imprint, _, stated, *_ = _elements(info.body)[0].parts()
        algorithm, digest = imprint.parts()
        kinds = (_oid(token_type), _oid(tst_type), _oid(algorithm))
        is_granted = status.parts()[0].body in {b"\0", b"\1"}
        text = stated.body.decode()
        if not is_granted or kinds != (_SIGNED, _TST, _SHA256) or text[-1] != "Z":
            raise ValueError(f"it is not granted, or not of SHA-256, or odd: {kinds}")
        time = datetime.fromisoformat(f"{text[:8]}T{text[8:]}")
        # 2. The imprint.
        if digest.body != hashlib.sha256(note).digest():
            raise Wrong("timestamp-imprint", "it is over other bytes than the note")
        # 3. The signed attributes.
        _, _, kind, signed, signed_kind, signature, *_ = signer.parts()
        pairs = [one.parts() for one in signed.parts()]
        attributes = {_oid(name): values.parts()[0] for name, values in pairs}
        hashed = _HASHES[_oid(kind)]
        own = hashlib.new(hashed.name, info.body).digest()
        is_right = signed.tag == 0xA0 and len(attributes) == len(pairs)
        is_right &= attributes[_DIGEST].body == own and _oid(attributes[_TYPE]) == _TST
        sets = [part.parts() for part in data[3:-1] if part.tag == 0xA0]
        held = [x509.load_der_x509_certificate(one.whole) for one in sum(sets, [])]
        named = [one for one in [*held, *roots] if _is_named(one, attributes)]
        if not is_right or not named:
            raise Wrong("timestamp-signature", "its signed attributes do not fit")
        # 4. The certificate and the signature: over a SET OF. RFC 5652, 5.4.
        usage = named[0].extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        if not usage.critical or [*usage.value] != [ExtendedKeyUsageOID.TIME_STAMPING]:
            raise Wrong("timestamp-chain", "its signer is not for timestamps alone")
        key, message = named[0].public_key(), b"\x31" + signed.whole[1:]
        pss = padding.PSS(padding.MGF1(hashed), padding.PSS.AUTO)
        try:
            if isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signature.body, message, ec.ECDSA(hashed))
            elif isinstance(key, rsa.RSAPublicKey):
                pad = pss if _oid(signed_kind) == _PSS else padding.PKCS1v15()
                key.verify(signature.body, message, pad, hashed)
            else:
                raise ValueError("its signer's key is neither RSA nor of a curve")
        except InvalidSignature as error:
            reason = "the authority's signature does not hold"
            raise Wrong("timestamp-signature", reason) from error
        # 5. The chain.
        if not named[0].not_valid_before_utc <= time <= named[0].not_valid_after_utc:
            raise Wrong(
                "timestamp-chain", f"its signer's certificate is not for {time}"
            )
        if roots:
            _verify_chain(named[0], held, roots, time)
    return time, bool(roots)


def _is_named(one: x509.Certificate, attributes: dict[str, _Der]) -> bool:
    """(3) Whether the signed attributes hold the hash of this certificate."""
    parts = (attributes.get(_ESS_2) or attributes[_ESS]).parts()[0].parts()[0].parts()
    kind = "sha256" if _ESS_2 in attributes else "sha1"
    if parts[0].tag == 0x30:
        kind = _HASHES[_oid(parts.pop(0))].name
    return hashlib.new(kind, one.public_bytes(Encoding.DER)).digest() == parts[0].body


def _verify_chain(
    signer: x509.Certificate,
    held: list[x509.Certificate],
    roots: Sequence[x509.Certificate],
    time: datetime,
) -> None:
    """(5) That valid authorities lead from the signer to a root that was given."""

    def assess_basic(
        _: Policy, __: x509.Certificate, basic: x509.BasicConstraints
    ) -> None:
        if not basic.ca:
            raise ValueError("an issuer is no authority")

    def assess_usage(
        _: Policy, __: x509.Certificate, usage: x509.KeyUsage | None
    ) -> None:
        if usage and not usage.key_cert_sign:
            raise ValueError("an issuer may not sign certificates")

    either, free = Criticality.AGNOSTIC, ExtensionPolicy.permit_all()
    issuers = free.require_present(x509.BasicConstraints, either, assess_basic)
    issuers = issuers.may_be_present(x509.KeyUsage, either, assess_usage)
    builder = PolicyBuilder().store(Store(roots)).time(time).max_chain_depth(8)
    builder = builder.extension_policies(ca_policy=issuers, ee_policy=free)
    try:
        builder.build_client_verifier().verify(signer, held)
    except VerificationError as error:
        reason = f"no valid chain leads to a root that you gave: {error}"
        raise Wrong("timestamp-chain", reason) from error


__all__ = ["verify_timestamp"]
