"""A whole record is checked: honest ones hold, and every tampering is named."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.verify.making import (
    ABSENT,
    Maker,
    cosignature,
    enrolment,
    key,
    put,
    raw_key,
    root_of,
    sha,
    small,
    vkey,
)

from truce_verify import Report
from truce_verify.__main__ import assess, main
from truce_verify.notes import Trust, policy_from_text


def check(target: Path | str, trust: Trust | None = None) -> Report:
    """The report on a target."""
    report = Report(target=str(target), expected="real")
    with report.noting("target"):
        assert assess(report, trust or Trust())
    return report


def codes(report: Report) -> list[tuple[object, object]]:
    """What was wrong, as (statement, code)."""
    return [(fault["statement"], fault["code"]) for fault in report.faults]


@pytest.mark.parametrize("count", [1, 2, 5, 255, 256, 257, 600])
def test_an_honest_record_holds(tmp_path: Path, count: int) -> None:
    """Sizes around the edges of bundles and tiles all hold, with every payload."""
    report = check(small(count=count).write(tmp_path))
    assert report.faults == []
    assert (report.statements, report.not_here, report.what) == (count, 0, "log")


def test_a_record_of_several_processes_holds_and_names_the_false(
    tmp_path: Path,
) -> None:
    """Past some thousand statements other processes check; they miss nothing."""
    maker = small(count=4100)
    maker.state("patrol", b"x", signature=b"\x01" * 64)
    report = check(maker.write(tmp_path))
    assert codes(report) == [(4100, "bad-signature")]


Tamper = Callable[[Maker], object]


REPORT = ("patrol", b"x")
LATER = "2027-01-01T00:00:00.000000Z"


CHIEF = {
    "id": "chief",
    "key": raw_key(key("chief")).hex(),
    "name": "Chief",
    "of": "",
    "roles": ["founder"],
}


NEW = {**CHIEF, "id": "new", "key": raw_key(key("new")).hex()}
TAMPERED: list[tuple[Tamper, str]] = [
    (lambda m: m.state(*REPORT, record=f"truce/real/s/{'0' * 32}"), "wrong-record"),
    (lambda m: m.state("patrol", b"seen 1", salt=sha(b"salt1")), "replayed"),
    (lambda m: m.state(*REPORT, sealed_at="2025-01-01T00:00:00Z"), "out-of-order"),
    (lambda m: m.state(*REPORT, sealed_at="2026-02-30T00:00:00Z"), "envelope-form"),
    (lambda m: m.state(*REPORT, sealed_at=LATER), "envelope-form"),
    (lambda m: m.state(*REPORT, stated_at="2026-01-01"), "header-form"),
    (lambda m: m.state(*REPORT, schema=0), "header-form"),
    (lambda m: m.state(*REPORT, extra=1), "header-form"),
    (lambda m: m.state("nobody", b"x"), "unknown-maker"),
    (lambda m: m.state(*REPORT, secret=key("chief")), "unknown-key"),
    (lambda m: m.state(*REPORT, signature=b"\x02" * 64), "bad-signature"),
    (lambda m: m.state("chief", b"x", kind="founding"), "kind-refused"),
    (
        lambda m: m.state("patrol", enrolment(CHIEF), kind="enrolment"),
        "quorum-short",
    ),
    (lambda m: m.state("chief", b"{}", kind="enrolment"), "founding-form"),
    (lambda m: m.state(*REPORT, sealed_at="2026-01-01T24:00:00Z"), "envelope-form"),
    (
        lambda m: m.state(
            "chief", enrolment(NEW), kind="enrolment", signature=b"\3" * 64
        ),
        "bad-signature",
    ),
]


@pytest.mark.parametrize(("tamper", "expected"), TAMPERED)
def test_a_false_statement_is_named(
    tmp_path: Path, tamper: Tamper, expected: str
) -> None:
    """One dishonest statement at the end of an honest log is found, and it alone."""
    maker = small()
    tamper(maker)
    assert codes(check(maker.write(tmp_path))) == [(6, expected)]


def test_a_founding_that_its_maker_did_not_sign_founds_nothing(tmp_path: Path) -> None:
    """The operator's own signature stands under the list of makers."""
    honest = small().payloads[0]
    assert honest is not None
    maker = Maker().state("chief", honest[1], kind="founding", signature=b"\1" * 64)
    assert codes(check(maker.write(tmp_path))) == [(0, "bad-signature")]


def test_only_founders_found(tmp_path: Path) -> None:
    """Whoever is no founder needs one who approves."""
    maker = Maker()
    first = maker.participant("chief", "contributor")
    other = maker.participant("other", "founder")
    maker.found({"participants": [first, other]})
    assert codes(check(maker.write(tmp_path))) == [(0, "quorum-short")]


def test_a_bare_log_holds_one_record_alone(tmp_path: Path) -> None:
    """Makers cannot be judged there; what record an entry is of still can."""
    maker = small().state(*REPORT, record=f"truce/real/s/{'0' * 32}")
    maker.state("chief", b"x", kind="founding")
    folder = maker.write(tmp_path) / "log"
    found = codes(check(folder, Trust(key=raw_key(maker.log_key))))
    assert found == [(6, "wrong-record"), (7, "kind-refused")]


def test_nobody_is_enrolled_twice_or_with_a_false_key(tmp_path: Path) -> None:
    """One id or key twice, or a key of small order, would leave a maker in doubt."""
    maker = small()
    again, false = maker.participant("patrol"), maker.participant("new", raw=bytes(32))
    stolen = maker.participant("new", raw=raw_key(key("patrol")))
    renamed = maker.participant("patrol", raw=raw_key(key("another")))
    for at, one in enumerate((again, false, stolen, renamed)):
        maker = small().state("chief", enrolment(one), kind="enrolment")
        found = codes(check(maker.write(tmp_path / str(at))))
        assert found == [(6, "founding-form")]


def test_an_enrolled_maker_may_state_only_after_it(tmp_path: Path) -> None:
    """Before its enrolment a maker is nobody, after it somebody."""
    maker = small(count=2).state("late", b"too early")
    payload = enrolment(maker.participant("late"))
    maker.state("chief", payload, kind="enrolment").state("late", b"in time")
    assert codes(check(maker.write(tmp_path))) == [(2, "unknown-maker")]


def test_all_false_statements_are_named_not_the_first_alone(tmp_path: Path) -> None:
    """Whoever must explain a broken record needs the whole list."""
    maker = small().state("nobody", b"1").state("patrol", b"fine")
    maker.state("patrol", b"3", secret=key("chief")).state("patrol", b"", schema=0)
    found = codes(check(maker.write(tmp_path)))
    assert found == [(6, "unknown-maker"), (8, "unknown-key"), (9, "header-form")]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "south"},
        {"record_kind": "study"},
        {"log_key": raw_key(key("other")).hex()},
        {"witness_policy": "quorum nobody\n"},
        {"witness_policy": 7},
        {"unknown": 1},
        {"participants": [{"id": "a"}]},
        {"participants": []},
        {"participants": [{**CHIEF, "key": raw_key(key("log")).hex()}]},
        {"participants": [CHIEF, CHIEF]},
        {"participants": [{**CHIEF, "roles": ["founder", "founder"]}]},
        {"log_key": raw_key(key("log")).hex().upper()},
    ],
)
def test_a_founding_that_does_not_make_the_origin_founds_nothing(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    """Kind, name and key stand in the origin and are what the founding says."""
    found = codes(check(Maker().found(changes).write(tmp_path)))
    assert found[0] in {(0, "founding-form"), (0, "policy-form")}
    assert (None, "unknown-key") in found or len(found) == 1


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("log/tile/entries/000.p/6", 40),
        ("log/tile/0/000.p/6", 3),
        ("log/checkpoint", 150),
        ("payloads/000", 60),
    ],
)
def test_a_flipped_bit_is_found_wherever_it_is(
    tmp_path: Path, path: str, at: int
) -> None:
    """No file of a record can be changed without notice."""
    small().write(tmp_path)
    raw = bytearray((tmp_path / path).read_bytes())
    raw[at] ^= 1
    (tmp_path / path).write_bytes(raw)
    assert check(tmp_path).faults


def test_swapped_absent_and_cut_payloads(tmp_path: Path) -> None:
    """A swapped payload is false, an erased one is not here, a cut group is damaged."""
    maker = small()
    maker.payloads[3], maker.payloads[4] = maker.payloads[4], None
    report = check(maker.write(tmp_path / "a"))
    assert (codes(report), report.not_here) == ([(3, "bad-commitment")], 1)
    folder = small().write(tmp_path / "b")
    group = (folder / "payloads/000").read_bytes()
    put(folder / "payloads/000", group[:-1])
    assert codes(check(folder)) == [(5, "payload-cut")]
    put(folder / "payloads/000", group[: -len(b"seen 5") - 40])
    assert codes(check(folder)) == [(5, "payload-cut")]
    put(folder / "payloads/000", group + b"a commit that did not end")
    assert check(folder).faults == []
    (folder / "payloads/000").unlink()
    assert [code for _, code in codes(check(folder))] == ["unknown-key"]


def test_a_length_that_nobody_could_send_is_not_waited_for(tmp_path: Path) -> None:
    """A length of 2^63 must not make the verifier reserve memory."""
    folder = small(count=2).write(tmp_path)
    group = (folder / "payloads/000").read_bytes()
    cut = group[: -len(b"seen 1") - 40]
    put(folder / "payloads/000", cut + (1 << 63).to_bytes(8, "big") + b"x" * 99)
    assert codes(check(folder)) == [(1, "payload-cut")]


def test_a_tile_may_be_full_where_the_checkpoint_needs_less(tmp_path: Path) -> None:
    """A writer that went on removed the lesser one; what is covered must be true."""
    maker = small(count=512)
    folder = maker.write(tmp_path, maker.note(300))
    put(folder / "log/tile/1/000.p/1", root_of(maker.entries[:256]))
    assert check(folder).faults == []
    path = folder / "log/tile/0/001"
    true = path.read_bytes()
    put(path, true[: 44 * 32] + b"h" * 212 * 32)
    assert check(folder).faults == []
    put(path, true[: 43 * 32] + b"h" * 213 * 32)
    assert codes(check(folder)) == [(None, "tile-false")]
    put(path, true[: 43 * 32])
    assert codes(check(folder)) == [(None, "tile-false")]


def test_a_tile_holds_its_hashes_and_no_more(tmp_path: Path) -> None:
    """One that is missing, cut or longer misleads whoever reads it."""
    folder = small(count=300).write(tmp_path)
    for name in ("log/tile/0/000", "log/tile/0/001.p/44", "log/tile/1/000.p/1"):
        true = (folder / name).read_bytes()
        for false in (true + b"h" * 32, true[:-1]):
            put(folder / name, false)
            assert codes(check(folder)) == [(None, "tile-false")]
        (folder / name).unlink()
        assert codes(check(folder)) == [(None, "tile-missing")]
        put(folder / name, true)
    put(folder / "log/tile/0/000.p/7", b"left to truce verify")
    put(folder / "log/checkpoint.new", b"left by a writer")
    assert check(folder).faults == []
    path = folder / "log/tile/entries/001.p/44"
    put(path, path.read_bytes() + b"x")
    assert codes(check(folder)) == [(None, "tile-false")]


def test_a_growing_record_is_checked_as_far_as_its_checkpoint(tmp_path: Path) -> None:
    """Entries, payloads and tiles that a running writer added are no fault."""
    maker = small(count=300)
    old = maker.note(200)
    report = check(maker.write(tmp_path, old))
    assert (report.faults, report.statements) == ([], 200)


def test_a_bare_log_says_that_it_holds_no_payloads(tmp_path: Path) -> None:
    """Without the founding the log's key must be given, and makers are not checked."""
    maker = small()
    folder = maker.write(tmp_path) / "log"
    assert [code for _, code in codes(check(folder))] == ["unknown-key"]
    given = Trust(key=raw_key(maker.log_key))
    report = check(folder, given)
    assert (report.faults, report.not_here) == ([], 6)
    assert "makers are not checked" in str(report.remarks)
    other = Trust(key=raw_key(key("other")))
    assert [code for _, code in codes(check(folder, other))] == ["unknown-key"]


def witnessed(names: str, quorum: str) -> Maker:
    """A record whose policy names witnesses by their letters."""
    lines = [f"witness {one} {vkey(one, key(one), 4)}\n" for one in names]
    return small(policy="".join(lines) + quorum)


def test_the_witnessed_checkpoint_must_be_of_this_tree_and_enough(
    tmp_path: Path,
) -> None:
    """Two of three witnesses satisfy; one does not, nor one twice, nor another tree."""
    maker = witnessed("abc", "group g 2 a b c\nquorum g\n")
    folder, text = maker.write(tmp_path), maker.text(4)
    assert check(folder).witnessed is None
    assert check(folder).faults == []
    lines = [cosignature(text, one, key(one)) for one in "ab"]
    put(folder / "witnessed/checkpoint", maker.note(4, b"".join(lines)))
    assert (check(folder).faults, check(folder).witnessed) == ([], 4)
    twice = lines[0] + cosignature(text, "a", key("a"), time=8)
    put(folder / "witnessed/checkpoint", maker.note(4, twice))
    assert (check(folder).faults, check(folder).witnessed) == ([], None)
    unknown = lines[0] + lines[1] + cosignature(text, "z", key("z"))
    put(folder / "witnessed/checkpoint", maker.note(4, unknown))
    assert check(folder).faults == []
    false = lines[0] + lines[1] + cosignature(text + b"x", "c", key("c"))
    put(folder / "witnessed/checkpoint", maker.note(4, false))
    assert codes(check(folder)) == [(None, "proof-signature")]
    other = witnessed("abc", "group g 2 a b c\nquorum g\n")
    other.entries[2:] = other.entries[3:]
    lines = [cosignature(other.text(4), one, key(one)) for one in "ab"]
    put(folder / "witnessed/checkpoint", other.note(4, b"".join(lines)))
    assert codes(check(folder)) == [(None, "proof-root")]


def test_a_missing_bundle_is_named_and_what_came_before_it(tmp_path: Path) -> None:
    """The rest cannot be read; what was read is still judged."""
    maker = small(count=200).state("patrol", b"x", signature=b"\x01" * 64)
    for at in range(400):
        maker.state("chief", b"more %d" % at)
    folder = maker.write(tmp_path)
    (folder / "log/tile/entries/001").unlink()
    assert codes(check(folder)) == [(200, "bad-signature"), (None, "tile-missing")]


def test_a_checkpoint_of_another_tree_is_named(tmp_path: Path) -> None:
    """The log's key signed it, every file is whole, and it is not of these entries."""
    other = small(count=5).state("patrol", b"what was sealed first")
    folder = small().write(tmp_path, other.note())
    assert codes(check(folder)) == [(None, "proof-root")]


def test_a_bundle_that_is_cut_off_is_named(tmp_path: Path) -> None:
    """Nothing is read of it: what stands where would be a guess."""
    folder = small().write(tmp_path)
    path = folder / "log/tile/entries/000.p/6"
    put(path, path.read_bytes()[:-1])
    report = check(folder)
    assert codes(report) == [(None, "tile-false")]
    assert "bundle 0 does not hold 6 entries" in str(report.faults[0]["reason"])


def test_a_bundle_holds_as_many_entries_as_its_name_says(tmp_path: Path) -> None:
    """One more or one less is no bundle of this width."""
    folder = small().write(tmp_path)
    path = folder / "log/tile/entries/000.p/6"
    whole, last = path.read_bytes(), len(small().entries[5]) + 2
    for false in (whole + whole[-last:], whole[:-last]):
        put(path, false)
        assert codes(check(folder)) == [(None, "tile-false")]


def test_a_group_that_ends_within_a_salt_is_cut(tmp_path: Path) -> None:
    """Even where the payload after it would be empty."""
    folder = small().state("patrol", b"").write(tmp_path)
    group = (folder / "payloads/000").read_bytes()
    put(folder / "payloads/000", group[:-1])
    assert codes(check(folder)) == [(6, "payload-cut")]


def test_the_readers_own_key_is_asked_for(tmp_path: Path) -> None:
    """A record that another key founded is not the one that the reader means."""
    folder = small().write(tmp_path)
    assert check(folder, Trust(key=raw_key(small().log_key))).faults == []
    found = codes(check(folder, Trust(key=raw_key(key("other")))))
    assert found == [(None, "unknown-key")]


def test_an_enrolment_whose_payload_is_not_here_is_named(tmp_path: Path) -> None:
    """Whom it enrolled cannot be known, so what they stated cannot be judged."""
    maker = small()
    maker.state("chief", enrolment(maker.participant("late")), kind="enrolment")
    maker.state("late", b"x").payloads[6] = None
    found = codes(check(maker.write(tmp_path)))
    assert found == [(6, "enrolment-absent"), (7, "unknown-maker")]


def test_a_checkpoint_beyond_all_bounds_is_not_read(tmp_path: Path) -> None:
    """Whoever made the copy must not choose how much memory its reader needs."""
    folder = small().write(tmp_path)
    put(folder / "log/checkpoint", small().note() * 80_000)
    assert codes(check(folder)) == [(None, "too-large")]


def test_a_file_name_cannot_speak_for_the_verifier(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line feed in a name would let whoever made the copy write its own verdict."""
    folder = small().write(tmp_path / "x\nIt holds.\n")
    put(folder / "log/tile/0/000.p/6", b"")
    assert main([str(folder)]) == 1
    assert "It holds." not in capsys.readouterr().out.splitlines()


def test_the_readers_own_policy_is_asked_for(tmp_path: Path) -> None:
    """A reader who trusts other witnesses than the operator chose may say so."""
    policy = policy_from_text(f"witness z {vkey('z', key('z'), 4)}\nquorum z\n")
    folder = small().write(tmp_path)
    assert codes(check(folder, policy)) == [(None, "proof-witnesses")]
    line = cosignature(small().text(), "z", key("z"))
    put(folder / "witnessed/checkpoint", small().note(None, line))
    assert check(folder, policy).witnessed == 6


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Serves a folder on loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Says nothing."""

    handler = partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def test_a_served_record_is_checked_as_a_folder_is(tmp_path: Path, server: str) -> None:
    """Whoever can read the web server needs no copy to check it."""
    maker = small(count=300)
    maker.payloads[290] = None
    maker.write(tmp_path)
    report = check(server)
    assert (report.faults, report.statements, report.not_here) == ([], 300, 1)
    put(tmp_path / "log/tile/1/000.p/1", b"h" * 32)
    assert codes(check(server)) == [(None, "tile-false")]
    with pytest.raises(SystemExit, match="2"):
        main([f"{server}/nothing/here"])


def test_a_server_that_breaks_off_or_fails_is_no_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Half an answer says nothing of the record: code 3, and try again."""
    maker = small().write(tmp_path)
    broken = failing = ""

    class Breaking(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def do_GET(self) -> None:  # the name that http.server calls
            """Sends half of one file, and fails for another."""
            path = maker / self.path.lstrip("/")
            if self.path == failing:
                self.send_error(500)
                return
            if not path.is_file():
                self.send_error(404)
                return
            raw = path.read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw[: len(raw) // 2] if self.path == broken else raw)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Breaking) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{served.server_port}"
        assert main([address]) == 0
        capsys.readouterr()
        paths = ("checkpoint", "tile/entries/000.p/6", "tile/0/000.p/6")
        for broken in (*(f"/log/{path}" for path in paths), "/payloads/000"):
            assert main([address]) == 3, broken
            assert capsys.readouterr().out == ""
        broken, failing = "", "/payloads/000"
        assert main([address]) == 3
        failing = ""
        served.shutdown()
        thread.join()


def test_the_first_line_is_the_kind_and_the_code_says_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exercise must never pass for the real thing: code 1 unless it was expected."""
    folder = str(small("exercise").write(tmp_path))
    assert main([folder]) == 1
    told = capsys.readouterr().out
    assert told.splitlines()[0] == "EXERCISE"
    assert "exercise, not real [proof-kind]" in told
    assert main([folder, "--expect", "exercise"]) == 0
    assert "It holds." in capsys.readouterr().out
    assert main([folder, "--json", "--expect", "exercise"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert next(iter(answer)) == "kind"
    assert answer["holds"] is True
    assert (answer["kind"], answer["expected"]) == ("exercise", "exercise")
    assert {"target", "what", "origin", "statements", "not_here"} < answer.keys()
    assert {"witnessed", "remarks", "faults"} < answer.keys()


def test_a_key_of_another_name_is_not_the_logs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One key could sign a real record and a study: the name says which is meant."""
    maker = small()
    folder = str(maker.write(tmp_path))
    own = vkey(maker.origin, key("log"))
    assert main([folder, "--expect", maker.kind, "--key", own]) == 0
    other = vkey(maker.origin.replace(maker.kind, "study"), key("log"))
    assert main([folder, "--expect", maker.kind, "--key", other]) == 1
    assert "your key is of truce/study/" in capsys.readouterr().out


def test_codes_for_false_use_and_for_a_failing_world(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A server that is away is no verdict on the record: 3, and no word on it."""
    for wrong in ([str(tmp_path / "none")], [str(tmp_path), "--key", "x"], ["a", "b"]):
        with pytest.raises(SystemExit, match="2"):
            main(wrong)
    assert main(["http://127.0.0.1:9/record"]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "try again" in captured.err


def test_absent_marker_is_the_length_that_the_specification_names() -> None:
    """2^64 - 1, eight bytes of ones."""
    assert int.from_bytes(ABSENT, "big") == 2**64 - 1
