"""Evidence packages, and the timestamps that lie in them and in records."""

import json
from pathlib import Path

import pytest
from tests.verify.making import Maker, cosignature, key, put, sha, small, vkey

from truce_verify.__main__ import main


def package(folder: Path) -> dict[str, bytes]:
    """A package with a report, its proof, and a timestamped checkpoint."""
    maker = small()
    files = {
        "report.txt": b"seen 2",
        "report.txt.tlog-proof": maker.proof(2),
        "more/alone.tlog-proof": maker.proof(3),
        "timestamps/6.note": maker.note(),
        "timestamps/6.tsr": b"what openssl checks",
        "verifier/truce_verify/notes.py": b"",
    }
    seal(folder, files)
    return files


def seal(folder: Path, files: dict[str, bytes]) -> None:
    """Writes a package's files and metadata."""
    parts = [{"@id": name} for name in files]
    graph: list[dict[str, object]] = [
        {"@id": "./", "@type": "Dataset", "hasPart": parts}
    ]
    for name, raw in files.items():
        graph.append({"@id": name, "@type": "File", "sha256": sha(raw).hex()})
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
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Added, missing, changed, linked and resealed files are all found."""
    folder = tmp_path / "p"
    files = package(folder)
    code, faults, answer = told(folder, capsys)
    assert (code, faults, answer["what"], answer["kind"]) == (0, [], "package", "real")
    assert (answer["statements"], answer["witnessed"]) == (2, None)
    assert "openssl ts -verify -data SIZE.note" in str(answer["remarks"])
    put(folder / "added", b"")
    assert told(folder, capsys)[:2] == (1, ["stranger"])
    (folder / "added").unlink()
    (folder / "added").symlink_to("/etc")
    assert told(folder, capsys)[:2] == (1, ["stranger"])
    (folder / "added").unlink()
    put(folder / "report.txt", b"seen 3")
    assert told(folder, capsys)[1] == ["file-changed", "proof-payload"]
    (folder / "report.txt").unlink()
    assert told(folder, capsys)[1] == ["file-missing"]
    seal(folder, files | {"report.txt": b"seen 3"})
    assert told(folder, capsys)[1] == ["proof-payload"]
    seal(folder, files | {"more/alone.tlog-proof": small("study").proof(3)})
    assert "wrong-record" in told(folder, capsys)[1]


def test_a_note_in_a_package_is_of_the_same_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its key signed it, and it tells no other tree of a size that is told already."""
    files = package(tmp_path)
    other = small(count=1).state("patrol", b"another tree")
    other.entries += small().entries[2:]
    foreign = Maker(log_key=key("other")).found()
    unsigned = small().text() + foreign.note().partition(b"\n\n")[2]
    for name in ("timestamps/6.note", "checkpoint.note", "witnessed/checkpoint"):
        for note, code in (
            (small(count=5).note(), None),
            (other.note(), "proof-root"),
            (foreign.note(), "unknown-key"),
            (small().text() + b"\n" + unsigned[-200:], "proof-form"),
        ):
            seal(tmp_path, files | {name: note})
            assert told(tmp_path, capsys)[1] == ([code] if code else []), name
        (tmp_path / name).unlink()


def test_what_python_leaves_beside_the_verifier_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever ran the verifier must not be told that the package was changed."""
    package(tmp_path)
    put(tmp_path / "verifier/truce_verify/__pycache__/notes.pyc", b"")
    assert told(tmp_path, capsys)[:2] == (0, [])
    put(tmp_path / "statements/__pycache__/notes.pyc", b"")
    assert told(tmp_path, capsys)[:2] == (1, ["stranger"])


def test_a_package_is_known_by_its_metadata(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may hold a file that is called like a log's."""
    files = package(tmp_path)
    seal(tmp_path, files | {"checkpoint": small().note()})
    code, _, answer = told(tmp_path, capsys)
    assert (code, answer["what"]) == (0, "package")


def test_each_proof_of_a_package_is_witnessed_or_it_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that is not cannot hide behind one that is."""
    folder, maker = tmp_path / "p", small()
    put(tmp_path / "w", f"witness w {vkey('w', key('w'), 4)}\nquorum w\n".encode())
    policy = ("--policy", str(tmp_path / "w"))
    line = cosignature(maker.text(), "w", key("w"))
    seal(folder, {"a.tlog-proof": maker.proof(2) + line})
    code, _, answer = told(folder, capsys, *policy)
    assert (code, answer["witnessed"]) == (0, 6)
    for name in ("0.tlog-proof", "z.tlog-proof"):
        proofs = {"a.tlog-proof": maker.proof(2) + line, name: maker.proof(3)}
        seal(folder, proofs)
        assert told(folder, capsys)[:2] == (0, [])
        assert told(folder, capsys, *policy)[:2] == (1, ["proof-witnesses"])
        (folder / name).unlink()


def test_a_package_without_readable_metadata_or_proof(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its kind is unknown then, and that is said first."""
    put(tmp_path / "ro-crate-metadata.json", b'{"@graph": [{"@id": 1}]}')
    assert main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("UNKNOWN\n")
    assert "list of files cannot be read" in out
    assert "no proof in this package holds" in out


def test_a_record_with_timestamps_says_how_to_check_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another program, that many trust already, does that."""
    folder = small().write(tmp_path)
    assert main([str(folder)]) == 0
    assert "openssl" not in capsys.readouterr().out
    put(folder / "timestamps/index", b"6\n")
    assert main([str(folder)]) == 0
    assert "openssl ts -verify -data SIZE.note" in capsys.readouterr().out
