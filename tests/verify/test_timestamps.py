"""Timestamps, made by OpenSSL's own authority, and evidence packages that hold them."""

import json
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from cryptography import x509
from truce_verify import Report, Wrong
from truce_verify.__main__ import main
from truce_verify.notes import Trust
from truce_verify.timestamps import assess_timestamp

from tests.verify.making import put, sha, small

CONFIG = """
[req]
distinguished_name=name
[name]
[ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign
[leaf]
basicConstraints=critical,CA:false
keyUsage=critical,digitalSignature,keyCertSign
[tsa]
extendedKeyUsage=critical,timeStamping
[tsa_soft]
extendedKeyUsage=timeStamping
[tsa_both]
extendedKeyUsage=critical,timeStamping,codeSigning
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

    def certify(self, name: str, usage: str, issuer: str, *kind: str, days: int = 999) -> None:
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
        return (x509.load_pem_x509_certificate((self.folder / f"{name}.pem").read_bytes()),)


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
    with pytest.raises(Wrong) as caught:  # noqa: PT011 # by code
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
    """ECDSA holds; a token without certificate needs that of the authority as a root."""
    curve = Authority(tmp_path / "ec", "ec -pkeyopt ec_paramgen_curve:P-384")
    tsr = curve.stamp(b"note")
    assert check(tsr, b"note", *curve.roots())["anchored"] is True
    bare = curve.stamp(b"note", "nocert")
    assert refused(bare, b"note", *curve.roots()) == "timestamp-signature"
    assert check(bare, b"note", *curve.roots("tsa"))["anchored"] is True


def test_another_note_root_or_byte_is_refused(authority: Authority, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("usage", ["tsa_soft", "tsa_both"])
def test_a_certificate_for_other_things_is_refused(
    authority: Authority, tmp_path: Path, usage: str
) -> None:
    """RFC 3161, 2.3: timestamping alone, and critically. OpenSSL will not sign with it,
    so its own certificate is exchanged after the fact; that alone must be noticed."""
    other = Authority(tmp_path / usage)
    good = (other.folder / "tsa.pem").read_bytes()
    tsr = other.stamp(b"note")
    other.run(
        *("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key"),
        *("-days", "99", "-extfile", "c", "-extensions", usage, "-out", "tsa.pem"),
    )
    old = x509.load_pem_x509_certificate(good)
    assert old.public_key() == other.roots("tsa")[0].public_key()
    done = subprocess.run(
        *[["openssl", "ts", "-reply", "-queryfile", "q", "-config", "c", "-section", "ts",
           "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "r"]],
        cwd=other.folder, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode != 0) or refused(
        (other.folder / "r").read_bytes(), b"note"
    ) == "timestamp-chain"
    assert check(tsr, b"note", *other.roots())["anchored"] is True
    assert authority.folder != other.folder


def test_an_authority_whose_certificate_had_ended_is_refused(authority: Authority) -> None:
    """What counts is the time stated, not today: valid then, it holds for ever."""
    import unittest.mock

    from truce_verify import timestamps

    tsr = authority.stamp(b"note")

    class Late(datetime):
        """Reads every time as fifty years later."""

        @classmethod
        def fromisoformat(cls, text: str, /) -> "Late":
            """Fifty years later."""
            found = datetime.fromisoformat(text)
            return cls(found.year + 50, 1, 1, tzinfo=found.tzinfo)

    with unittest.mock.patch.object(timestamps, "datetime", Late):
        assert refused(tsr, b"note") == "timestamp-chain"


def test_an_issuer_that_is_no_authority_is_refused(tmp_path: Path) -> None:
    """A certificate for something else must not make timestamping authorities."""
    chain = Authority(tmp_path)
    kind = ["-newkey", "rsa:2048", "-nodes", "-config", "c"]
    chain.certify("middle", "ca", "root", *kind)
    chain.certify("tsa", "tsa", "middle", *kind)
    shutil.copy(tmp_path / "middle.pem", tmp_path / "chain.pem")
    assert check(chain.stamp(b"note"), b"note", *chain.roots())["anchored"] is True
    chain.certify("middle", "leaf", "root", *kind)
    chain.certify("tsa", "tsa", "middle", *kind)
    shutil.copy(tmp_path / "middle.pem", tmp_path / "chain.pem")
    assert refused(chain.stamp(b"note"), b"note", *chain.roots()) == "timestamp-chain"


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
    graph: list[dict[str, object]] = [{"@id": "./", "@type": "Dataset", "hasPart": parts}]
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
    assert answer["statements"] == 2
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
    assert told(folder, capsys)[1] == ["timestamp-form"]
    other = small(count=1).state("patrol", b"another")
    other.entries += maker.entries[2:4]
    put(folder / "timestamps/4.note", other.note())
    assert told(folder, capsys)[1] == ["proof-root"]
    for index in (b"4", b"5\n4\n", b"4\n4\n", b"../4\n", b"\xff\n", b"04\n"):
        put(folder / "timestamps/index", index)
        assert "timestamp-form" in told(folder, capsys)[1]
