"""RFC 3161 timestamps: that a note existed at the time that an authority states.

1. The response is granted; its token is signed data over a TSTInfo.
2. The imprint is SHA-256 of the note.
3. The signed attributes hold the digest of the TSTInfo and the signer's certificate's.
4. That certificate is critically for timestamping alone, was valid, and its key signed.
5. Certificates valid at that time lead from the signer to a root that the reader gave.
   Where none was given the timestamp is not anchored: anybody may have made it.
Gap: revocation is not asked for, so that an authority's stolen key is not noticed.

Source: RFC 3161; RFC 5652, 5; RFC 5816; RFC 5280, 6.
"""

import hashlib
from datetime import datetime
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import verification
from cryptography.x509.oid import ExtendedKeyUsageOID

from truce_verify import Report, Wrong, reading
from truce_verify.notes import Trust

# Object identifiers as their DER: signed data, TSTInfo, attributes, algorithms.
_SIGNED, _TST = "2a864886f70d010702", "2a864886f70d0109100104"
_TYPE, _DIGEST = "2a864886f70d010903", "2a864886f70d010904"
_ESS, _ESS_2 = "2a864886f70d010910020c", "2a864886f70d010910022f"
_SHA256, _PSS = "608648016503040201", "2a864886f70d01010a"
_HASHES: dict[str, SHA256 | SHA384 | SHA512] = {
    _SHA256: SHA256(),
    "608648016503040202": SHA384(),
    "608648016503040203": SHA512(),
}


class _Der(NamedTuple):
    """One element of DER; `whole` has its tag and length as well."""

    tag: int
    body: bytes
    whole: bytes

    def parts(self) -> "list[_Der]":
        """The elements inside."""
        found, at = [], 0
        while at < len(self.body):
            size, start = self.body[at + 1], at + 2
            if size > 127:
                start += size - 128
                size = int.from_bytes(self.body[at + 2 : start], "big")
            end = start + size
            if end > len(self.body) or start == at + 130:
                raise ValueError("DER is cut short")
            found.append(_Der(self.body[at], self.body[start:end], self.body[at:end]))
            at = end
        return found

    def kind(self) -> str:
        """The object identifier that this is or begins with."""
        return (self.parts()[0] if self.tag == 0x30 else self).body.hex()


def assess_timestamp(
    size: int, tsr: bytes, note: bytes, trust: Trust, report: Report
) -> None:
    """Writes down the time stated over the note of a size; Wrong, where none holds."""
    with reading("timestamp-form", "timestamp"):
        # 1. The response, the token, the TSTInfo.
        [response] = _Der(0, tsr, b"").parts()
        status, token = response.parts()
        data = token.parts()[1].parts()[0].parts()
        [info], [signer] = data[2].parts()[1].parts(), data[-1].parts()
        _, _, imprint, _, stated, *_ = info.parts()[0].parts()
        kinds = [token.kind(), data[2].kind(), imprint.parts()[0].kind()]
        text, granted = stated.body.decode(), {b"\0", b"\1"}
        if status.parts()[0].body not in granted or kinds != [_SIGNED, _TST, _SHA256]:
            raise ValueError("it is not granted, or no TSTInfo over SHA-256")
        time = datetime.fromisoformat(f"{text[:8]}T{text[8:].removesuffix('Z')}+00:00")
        # 2. The imprint.
        if imprint.parts()[1].body != hashlib.sha256(note).digest():
            raise Wrong("timestamp-imprint", "it is over other bytes than the note")
        # 3. The signed attributes.
        _, _, kind, signed, signed_kind, signature, *_ = signer.parts()
        values = {one.kind(): one.parts()[1].parts()[0] for one in signed.parts()}
        hashed = _HASHES[kind.kind()]
        own = hashlib.new(hashed.name, info.body).digest()
        is_right = signed.tag == 0xA0 and len(values) == len(signed.parts())
        is_right &= values[_DIGEST].body == own and values[_TYPE].kind() == _TST
        told = [one for part in data[3:-1] if part.tag == 0xA0 for one in part.parts()]
        held = [x509.load_der_x509_certificate(one.whole) for one in told]
        named = [one for one in [*held, *trust.roots] if _is_named(one, values)]
        if not is_right or not named:
            raise Wrong("timestamp-signature", "its signed attributes do not fit")
        # 4. The certificate and the signature, which is over a SET OF. RFC 5652, 5.4.
        certificate, message = named[0], b"\x31" + signed.whole[1:]
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        times = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if not usage.critical or [*usage.value] != [ExtendedKeyUsageOID.TIME_STAMPING]:
            raise Wrong("timestamp-chain", "its signer is not for timestamps alone")
        if not times[0] <= time <= times[1]:
            raise Wrong("timestamp-chain", f"its signer's certificate is not of {time}")
        key = certificate.public_key()
        try:
            if isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signature.body, message, ec.ECDSA(hashed))
            elif isinstance(key, rsa.RSAPublicKey):
                pss = padding.PSS(padding.MGF1(hashed), padding.PSS.AUTO)
                form = pss if signed_kind.kind() == _PSS else padding.PKCS1v15()
                key.verify(signature.body, message, form, hashed)
            else:
                raise ValueError("its signer's key is neither RSA nor of a curve")
        except InvalidSignature:
            raise Wrong("timestamp-signature", "its signature does not hold") from None
    # 5. The chain.
    if trust.roots:
        _verify_chain(certificate, held, trust, time)
    stamp = {"size": size, "time": time.isoformat(), "anchored": bool(trust.roots)}
    report.timestamps.append(stamp)


def _is_named(one: x509.Certificate, values: dict[str, _Der]) -> bool:
    """(3) Whether the signed attributes hold the hash of this certificate."""
    parts = (values.get(_ESS_2) or values[_ESS]).parts()[0].parts()[0].parts()
    kind = "sha256" if _ESS_2 in values else "sha1"
    if parts[0].tag == 0x30:
        kind = _HASHES[parts.pop(0).kind()].name
    return hashlib.new(kind, one.public_bytes(Encoding.DER)).digest() == parts[0].body


def _verify_chain(
    signer: x509.Certificate, held: list[x509.Certificate], trust: Trust, time: datetime
) -> None:
    """(5) That authorities valid at the time lead from the signer to a given root."""
    free = verification.ExtensionPolicy.permit_all()
    store = verification.Store([*trust.roots])
    builder = verification.PolicyBuilder().store(store).time(time)
    either = verification.Criticality.AGNOSTIC
    issuers = free.require_present(x509.BasicConstraints, either, None)
    builder = builder.extension_policies(ca_policy=issuers, ee_policy=free)
    with reading("timestamp-chain", "chain to a root that you gave"):
        try:
            chain = builder.build_client_verifier().verify(signer, held).chain
        except verification.VerificationError as error:
            raise ValueError(str(error)) from error
        for issuer in chain[1:]:
            found = issuer.extensions
            is_ca = found.get_extension_for_class(x509.BasicConstraints).value.ca
            usage = found.get_extension_for_class(x509.KeyUsage).value
            if not is_ca or not usage.key_cert_sign:
                raise ValueError("an issuer may not sign certificates")


__all__ = ["assess_timestamp"]
