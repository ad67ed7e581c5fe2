"""Timestamps, made by OpenSSL's own authority, and evidence packages that hold them."""

import contextlib
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from tests.verify.making import key, put, sha, small

from truce_verify import Report, Wrong
from truce_verify.__main__ import main
from truce_verify.notes import Trust
from truce_verify.timestamps import assess_timestamp

CONFIG = """
[req]
distinguished_name=name
[name]
[ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign
[mute]
basicConstraints=critical,CA:true
keyUsage=critical,digitalSignature
[leaf]
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature,keyCertSign
[tsa]
extendedKeyUsage=critical,timeStamping
[ts]
serial=serial
default_policy=1.2.3.4
digests=sha256,sha512
signer_digest=sha256
"""
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl")


class Authority:
    """A root, and a timestamping authority under it, in a folder."""

    def __init__(self, folder: Path, key: str = "rsa:2048", usage: str = "tsa") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        put(folder / "c", CONFIG.encode())
        put(folder / "serial", b"01")
        kind = ["-newkey", *key.split(), "-nodes", "-config", "c"]
        root = ["-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=root"]
        self.run("req", "-x509", *kind, *root, "-extensions", "ca", "-days", "9000")
        self.certify("tsa", usage, "root", *kind)

    def certify(
        self, name: str, usage: str, issuer: str, *kind: str, days: int = 999
    ) -> None:
        """A certificate by the root or another."""
        key = ["-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}"]
        self.run("req", *kind, *key)
        sign = ["-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial"]
        self.run(
            *("x509", "-req", "-in", f"{name}.csr", *sign, "-days", str(days)),
            *("-extfile", "c", "-extensions", usage, "-out", f"{name}.pem"),
        )

    def run(self, *words: str) -> None:
        """Runs openssl in the folder."""
        done = subprocess.run(
            ["openssl", *words], cwd=self.folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def stamp(self, note: bytes, *more: str, digest: str = "-sha256") -> bytes:
        """A timestamp over a note."""
        put(self.folder / "note", note)
        asked = ["ts", "-query", "-data", "note", digest, "-out", "q"]
        self.run(*asked, "-config", "c", *(["-cert"] if "nocert" not in more else []))
        signer = ["-signer", "tsa.pem", "-inkey", "tsa.key", "-section", "ts"]
        chain = [] if "nocert" in more else ["-chain", "chain.pem"]
        if not (self.folder / "chain.pem").exists():
            shutil.copy(self.folder / "root.pem", self.folder / "chain.pem")
        rest = [one for one in more if one != "nocert"]
        self.run(
            *("ts", "-reply", "-queryfile", "q", "-config", "c", "-out", "r"),
            *(*signer, *chain, *rest),
        )
        return (self.folder / "r").read_bytes()

    def roots(self, name: str = "root") -> tuple[x509.Certificate, ...]:
        """The root, to be trusted."""
        return (
            x509.load_pem_x509_certificate((self.folder / f"{name}.pem").read_bytes()),
        )


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority with RSA keys for the whole file: keys take long to make."""
    return Authority(tmp_path_factory.mktemp("rsa"))


def check(tsr: bytes, note: bytes, *roots: x509.Certificate) -> dict[str, object]:
    """The stamp that is written down."""
    report = Report(target="t", expected="real")
    assess_timestamp(6, tsr, note, Trust(roots=roots), report)
    return report.timestamps[0]


def refused(tsr: bytes, note: bytes, *roots: x509.Certificate) -> str:
    """The code by which a timestamp is refused."""
    with pytest.raises(Wrong) as caught:  # by code
        check(tsr, note, *roots)
    return caught.value.code


def test_a_timestamp_is_anchored_where_its_root_is_given(authority: Authority) -> None:
    """Without roots the time is told, and that nobody vouches for it."""
    tsr = authority.stamp(b"note")
    assert check(tsr, b"note", *authority.roots())["anchored"] is True
    told = check(tsr, b"note")
    assert (told["anchored"], told["size"]) == (False, 6)
    assert datetime.fromisoformat(str(told["time"])).year > 2024


def test_a_timestamp_by_curve_keys_and_without_its_certificate(tmp_path: Path) -> None:
    """ECDSA holds; a token without certificate needs the authority's as a root."""
    curve = Authority(tmp_path / "ec", "ec -pkeyopt ec_paramgen_curve:P-384")
    tsr = curve.stamp(b"note")
    assert check(tsr, b"note", *curve.roots())["anchored"] is True
    bare = curve.stamp(b"note", "nocert")
    assert refused(bare, b"note", *curve.roots()) == "timestamp-signature"
    assert check(bare, b"note", *curve.roots("tsa"))["anchored"] is True


def test_another_note_root_or_byte_is_refused(
    authority: Authority, tmp_path: Path
) -> None:
    """Every byte of the token that says something is covered."""
    tsr = authority.stamp(b"note")
    assert refused(tsr, b"another") == "timestamp-imprint"
    other = Authority(tmp_path / "other")
    assert refused(tsr, b"note", *other.roots()) == "timestamp-chain"
    wide = authority.stamp(b"note", digest="-sha512")
    assert refused(wide, b"note") == "timestamp-form"
    assert refused(b"", b"note") == "timestamp-form"
    assert refused(tsr[:-1], b"note") == "timestamp-form"
    assert refused(tsr + b"\0", b"note") == "timestamp-form"
    time = tsr.index(b"\x18\x0f20") + 2
    later = tsr[:time] + b"2999" + tsr[time + 4 :]
    assert refused(later, b"note") == "timestamp-signature"
    signature = tsr[:-5] + bytes([tsr[-5] ^ 1]) + tsr[-4:]
    assert refused(signature, b"note") == "timestamp-signature"


def signed_anew(tsr: bytes, folder: Path, certificate: x509.Certificate) -> bytes:
    """The same token, as if this other certificate of the same key had signed it.

    OpenSSL will not sign with a certificate that is not fit; an attacker would.
    """
    key = load_pem_private_key((folder / "tsa.key").read_bytes(), None)
    old = x509.load_pem_x509_certificate((folder / "tsa.pem").read_bytes())
    assert isinstance(key, RSAPrivateKey)
    signature, found = tsr[-256:], None
    for at in range(len(tsr) - 260):
        if tsr[at] == 0xA0 and tsr[at + 1] == 0x81:
            end = at + 3 + tsr[at + 2]
            with contextlib.suppress(InvalidSignature):
                message = b"\x31" + tsr[at + 1 : end]
                key.public_key().verify(signature, message, PKCS1v15(), SHA256())
                found = at, end
    assert found is not None
    at, end = found
    for kind in (SHA1(), SHA256()):
        tsr = tsr.replace(old.fingerprint(kind), certificate.fingerprint(kind))
    anew = key.sign(b"\x31" + tsr[at + 1 : end], PKCS1v15(), SHA256())
    assert anew != signature
    return tsr[:-256] + anew


def certificate_of(
    authority: Authority,
    usages: list[x509.ObjectIdentifier],
    *,
    critical: bool,
    ends: int,
    key: Ed25519PublicKey | None = None,
) -> x509.Certificate:
    """A certificate of the authority's key, by its root, that ended days from now."""
    root_key = load_pem_private_key((authority.folder / "root.key").read_bytes(), None)
    assert isinstance(root_key, RSAPrivateKey)
    now = datetime.now(UTC)
    public_key = authority.roots("tsa")[0].public_key()
    assert isinstance(public_key, RSAPublicKey)
    builder = x509.CertificateBuilder(
        authority.roots()[0].subject,
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "other")]),
        key or public_key,
        x509.random_serial_number(),
        now - timedelta(days=900),
        now + timedelta(days=ends),
    )
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical)
    return builder.sign(root_key, SHA256())


STAMPING, CODE = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING


@pytest.mark.parametrize(
    ("usages", "critical", "ends", "expected"),
    [
        ([STAMPING], True, 9, None),
        ([STAMPING], False, 9, "timestamp-chain"),
        ([STAMPING, CODE], True, 9, "timestamp-chain"),
        ([CODE], True, 9, "timestamp-chain"),
        ([], True, 9, "timestamp-form"),
        ([STAMPING], True, -9, "timestamp-chain"),
    ],
)
def test_a_certificate_must_be_for_timestamps_alone_and_valid_then(
    authority: Authority,
    usages: list[x509.ObjectIdentifier],
    critical: bool,
    ends: int,
    expected: str | None,
) -> None:
    """RFC 3161, 2.3; and one that had ended at the time stated vouches for nothing."""
    other = certificate_of(authority, usages, critical=critical, ends=ends)
    token = authority.stamp(b"note", "nocert")
    tsr = signed_anew(token, authority.folder, other)
    if expected is None:
        assert check(tsr, b"note", other)["anchored"] is True
    else:
        assert refused(tsr, b"note", other) == expected


def der(tag: int, *parts: bytes) -> bytes:
    """One element of DER, by the rules of X.690, 8.1."""
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(length)]) + length + body


def oid(text: str) -> bytes:
    """An object identifier by its encoded bytes in hexadecimal."""
    return der(6, bytes.fromhex(text))


def token_by_pss(
    authority: Authority, note: bytes, held: x509.Certificate | None = None
) -> bytes:
    """A token signed with RSASSA-PSS, which OpenSSL's own authority cannot make."""
    key = load_pem_private_key((authority.folder / "tsa.key").read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    sha256, tst_kind = oid("608648016503040201"), oid("2a864886f70d0109100104")
    imprint = der(0x30, der(0x30, sha256), der(4, sha(note)))
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%S.5Z").encode()
    time, one = der(0x18, now), der(2, b"\1")
    info = der(0x30, one, oid("2a03"), imprint, one, time)
    certificate = held or authority.roots("tsa")[0]
    inside = [der(0xA0, held.public_bytes(Encoding.DER))] if held else []
    named = der(0x30, der(0x30, der(0x30, der(4, certificate.fingerprint(SHA256())))))
    attributes = (
        der(0x30, oid("2a864886f70d010903"), der(0x31, tst_kind)),
        der(0x30, oid("2a864886f70d010904"), der(0x31, der(4, sha(info)))),
        der(0x30, oid("2a864886f70d010910022f"), der(0x31, named)),
    )
    pss = PSS(MGF1(SHA256()), 32)
    signature = key.sign(der(0x31, *attributes), pss, SHA256())
    signer = der(
        0x30,
        *(one, der(0x30), der(0x30, sha256), der(0xA0, *attributes)),
        *(der(0x30, oid("2a864886f70d01010a")), der(4, signature)),
    )
    content = der(0x30, tst_kind, der(0xA0, der(4, info)))
    data = der(0x30, one, der(0x31), content, *inside, der(0x31, signer))
    token = der(0x30, oid("2a864886f70d010702"), der(0xA0, data))
    return der(0x30, der(0x30, der(2, b"\0")), token)


def test_a_timestamp_by_rsa_with_pss(authority: Authority) -> None:
    """Some authorities sign so; the token is of our own making, byte by byte."""
    tsa = authority.roots("tsa")[0]
    tsr = token_by_pss(authority, b"note")
    told = check(tsr, b"note", tsa)
    assert told["anchored"] is True
    assert str(told["time"]).endswith(".500000+00:00")
    assert (
        refused(tsr[:-1] + bytes([tsr[-1] ^ 1]), b"note", tsa) == "timestamp-signature"
    )
    assert refused(tsr.replace(b".5Z", b".6Z"), b"note", tsa) == "timestamp-signature"
    # Told with the PKCS 1 name, a PSS signature is none.
    kind = bytes.fromhex("2a864886f70d0101")
    other = tsr.replace(kind + b"\x0a", kind + b"\x0b")
    assert refused(other, b"note", tsa) == "timestamp-signature"


@pytest.mark.parametrize(("ends", "holds"), [(9, True), (-9, False)])
def test_without_roots_a_certificate_must_still_have_been_valid(
    authority: Authority, ends: int, holds: bool
) -> None:
    """Not anchored is less than a chain, but not nothing."""
    held = certificate_of(authority, [STAMPING], critical=True, ends=ends)
    tsr = token_by_pss(authority, b"note", held)
    if holds:
        assert check(tsr, b"note")["anchored"] is False
        assert check(tsr, b"note", *authority.roots())["anchored"] is True
    else:
        assert refused(tsr, b"note") == "timestamp-chain"


def test_a_key_of_a_kind_that_is_not_read_signs_nothing(authority: Authority) -> None:
    """What cannot be checked must not pass as if it had been."""
    other = key("authority").public_key()
    held = certificate_of(authority, [STAMPING], critical=True, ends=9, key=other)
    assert refused(token_by_pss(authority, b"note", held), b"note") == "timestamp-form"


def test_an_issuer_that_is_no_authority_is_refused(tmp_path: Path) -> None:
    """A certificate for something else must not make timestamping authorities."""
    chain = Authority(tmp_path)
    kind = ["-newkey", "rsa:2048", "-nodes", "-config", "c"]
    chain.certify("middle", "ca", "root", *kind)
    chain.certify("tsa", "tsa", "middle", *kind)
    shutil.copy(tmp_path / "middle.pem", tmp_path / "chain.pem")
    assert check(chain.stamp(b"note"), b"note", *chain.roots())["anchored"] is True
    for usage in ("leaf", "mute"):
        chain.certify("middle", usage, "root", *kind)
        chain.certify("tsa", "tsa", "middle", *kind)
        shutil.copy(tmp_path / "middle.pem", tmp_path / "chain.pem")
        tsr = chain.stamp(b"note")
        assert refused(tsr, b"note", *chain.roots()) == "timestamp-chain"


def package(folder: Path, authority: Authority) -> dict[str, bytes]:
    """A package with a report, its proof, and a timestamped checkpoint."""
    maker = small()
    files = {
        "report one.txt": b"seen 2",
        "report one.txt.tlog-proof": maker.proof(2),
        "more/alone.tlog-proof": maker.proof(3),
        "timestamps/6.note": maker.note(),
        "timestamps/6.tsr": authority.stamp(maker.note()),
    }
    seal(folder, files)
    return files


def seal(folder: Path, files: dict[str, bytes]) -> None:
    """Writes a package's files and metadata."""
    names = {name: name.replace(" ", "%20") for name in files}
    parts = [{"@id": one} for one in names.values()]
    graph: list[dict[str, object]] = [
        {"@id": "./", "@type": "Dataset", "hasPart": parts}
    ]
    for name, raw in files.items():
        graph.append({"@id": names[name], "@type": "File", "sha256": sha(raw).hex()})
        put(folder / name, raw)
    whole = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}
    put(folder / "ro-crate-metadata.json", json.dumps(whole).encode())


def told(
    folder: Path, capsys: pytest.CaptureFixture[str], *more: str
) -> tuple[int, list[str], dict[str, object]]:
    """The exit code, the codes of faults, and the whole answer."""
    code = main([str(folder), "--json", *more])
    answer = json.loads(capsys.readouterr().out)
    return code, [fault["code"] for fault in answer["faults"]], answer


def test_a_package_holds_and_every_tampering_is_named(
    tmp_path: Path, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    """Added, missing, changed, linked and resealed files are all found."""
    folder = tmp_path / "p"
    files = package(folder, authority)
    roots = ["--tsa-roots", str(authority.folder / "root.pem")]
    code, faults, answer = told(folder, capsys, *roots)
    assert (code, faults, answer["what"], answer["kind"]) == (0, [], "package", "real")
    assert (answer["statements"], answer["witnessed"]) == (2, None)
    assert isinstance(answer["timestamps"], list)
    assert answer["timestamps"][0]["anchored"] is True
    put(folder / "added", b"")
    assert told(folder, capsys)[:2] == (1, ["stranger"])
    (folder / "added").unlink()
    (folder / "added").symlink_to("/etc")
    assert told(folder, capsys)[:2] == (1, ["stranger"])
    (folder / "added").unlink()
    put(folder / "report one.txt", b"seen 3")
    assert told(folder, capsys)[1] == ["file-changed", "proof-payload"]
    (folder / "report one.txt").unlink()
    assert told(folder, capsys)[1] == ["file-missing"]
    seal(folder, files | {"report one.txt": b"seen 3"})
    assert told(folder, capsys)[1] == ["proof-payload"]
    seal(folder, files | {"more/alone.tlog-proof": small("study").proof(3)})
    assert "wrong-record" in told(folder, capsys)[1]
    seal(folder, files | {"timestamps/6.note": small(count=5).note()})
    assert told(folder, capsys)[1] == ["timestamp-imprint"]
    other = small(count=1).state("patrol", b"another tree")
    other.entries += small().entries[2:]
    seal(folder, files | {"timestamps/6.note": other.note()})
    assert told(folder, capsys)[1] == ["proof-root"]


def test_a_package_without_readable_metadata_or_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its kind is unknown then, and that is said first."""
    put(tmp_path / "ro-crate-metadata.json", b'{"@graph": [], "@graph": []}')
    assert main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("UNKNOWN\n")
    assert "stands twice" in out
    assert "no proof in this package holds" in out


def test_a_record_with_timestamps(
    tmp_path: Path, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each timestamped tree is the beginning of this one, or it is named."""
    maker = small()
    folder = maker.write(tmp_path / "r")
    note = maker.note(4)
    put(folder / "timestamps/index", b"4\n")
    put(folder / "timestamps/4.note", note)
    put(folder / "timestamps/4.tsr", authority.stamp(note))
    code, faults, answer = told(folder, capsys)
    assert (code, faults) == (0, [])
    assert isinstance(answer["timestamps"], list)
    assert answer["timestamps"][0]["size"] == 4
    assert main([str(folder)]) == 0
    assert "not anchored: no roots given" in capsys.readouterr().out
    put(folder / "timestamps/4.tsr", b"")
    assert told(folder, capsys)[1] == ["timestamp-form"]
    put(folder / "timestamps/4.note", maker.note(5))
    put(folder / "timestamps/4.tsr", authority.stamp(maker.note(5)))
    assert told(folder, capsys)[1] == ["timestamp-form"]
    other = small(count=1).state("patrol", b"another")
    other.entries += maker.entries[2:4]
    put(folder / "timestamps/4.note", other.note())
    assert told(folder, capsys)[1] == ["proof-root"]
    for index in (b"4", b"5\n4\n", b"4\n4\n", b"../4\n", b"\xff\n", b"04\n"):
        put(folder / "timestamps/index", index)
        assert "timestamp-form" in told(folder, capsys)[1]
