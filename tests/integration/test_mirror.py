"""Mirrors over real HTTP on this machine, and what they say of sources that err.

What a mirror shows holds at every moment, whatever its source does.
"""

import json
import shutil
from pathlib import Path

import pytest
from tests.integration.mirrors import (
    SEALED,
    Counted,
    begun,
    broken_at,
    files_of,
    holds,
    key_of,
    look,
    look_at,
    seal,
    served,
    size_shown,
    stamp,
)
from typer.testing import CliRunner

from truce.app import gate_of, open_record
from truce.app.mirroring import mirror_opened, serving_log
from truce.cli import app
from truce.errors import InvalidInput, ProofFails, Unavailable, UnavailableRecord
from truce.record import Record, verify_record
from truce.record.identity.kept import kept_identity
from truce.record.payloads import PayloadReader
from truce.record.witnessing.split_view import verify_split_view
from truce.workflows.checking.digest import state_digest
from truce.workflows.mirroring.model import Standing, Terms


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record past the end of its first bundle, stamped and witnessed."""
    folder = begun(tmp_path_factory.mktemp("mirrored") / "record")
    stamp(folder)
    return folder


@pytest.fixture
def record(sealed: Path, tmp_path: Path) -> Path:
    """The same, to be written to."""
    return Path(shutil.copytree(sealed, tmp_path / "record"))


def test_a_copy_over_http_is_the_record(record: Path, tmp_path: Path) -> None:
    """From a plain web server: every public file, byte for byte, and nothing else."""
    copy = tmp_path / "copy"
    with served(record) as address:
        found = look(address, copy, Terms(key=key_of(record)))
        assert (found.standing, found.size) == (Standing.GREW, SEALED)
        assert not found.is_key_trusted
        assert (found.witnessed_size, found.timestamps) == (SEALED, 1)
        assert look(address, copy).standing is Standing.UNCHANGED
    theirs, ours = files_of(record), files_of(copy)
    # A record keeps the partial tiles of earlier sizes; a copy never had those.
    assert set(ours) <= set(theirs)
    assert all(theirs[path] == content for path, content in ours.items())
    whole = {"log/tile/0/000", "log/tile/entries/000", "payloads/000", "payloads/001"}
    beside = {f"timestamps/{SEALED}.tsr", "timestamps/index", "witnessed/checkpoint"}
    assert whole | beside <= set(ours)
    assert not (copy / "keys").exists()
    assert holds(copy)
    # Opening need not read every entry to know who may state.
    assert kept_identity(copy) == (SEALED, Record.opened(record).identity)


def test_a_copy_is_read_like_a_record(tmp_path: Path) -> None:
    """Its state is made and its gate opens; the naming key stays with the record."""
    record, copy = tmp_path / "begun", tmp_path / "copy"
    runner = CliRunner()
    assert runner.invoke(app, ["init", str(record), "--kind", "study"]).exit_code == 0
    look(record, copy)
    with open_record(copy) as ours, open_record(record) as theirs:
        assert ours.record.size == theirs.record.size
        assert state_digest(ours.store, ours.source) == state_digest(
            theirs.store, theirs.source
        )
        assert gate_of(theirs).naming_key
        assert not gate_of(ours).naming_key
    for words in (["incidents", "--json"], ["digest"], ["verify"], ["witness log-key"]):
        verb = words[0].split()
        done = runner.invoke(app, [*verb, str(copy), *words[1:]])
        assert done.exit_code == 0, done.output
    assert not (copy / "keys").exists()


def test_a_copy_of_a_copy_that_our_own_server_shows(
    record: Path, tmp_path: Path
) -> None:
    """A mirror serves other mirrors, in parts where they ask for parts."""
    one, two = tmp_path / "one", tmp_path / "two"
    look(record, one)
    with serving_log(one, host="127.0.0.1", port=0, has_payloads=True) as address:
        look(address, two)
        seal(record, "more", enrols="third")
        look(record, one)
        assert look(address, two).size == SEALED + 2
    assert holds(two)


def test_it_follows_a_record_that_grows(record: Path, tmp_path: Path) -> None:
    """Over the end of a bundle, several times; only what is new is asked for."""
    copy = tmp_path / "copy"
    look(record, copy)
    for count in (1, 210, 3, 256):
        seal(record, *(f"grown {n}" for n in range(count)))
        source = Counted(record, lambda _number: None)
        found = look_at(source, copy)
        assert found.size - found.size_before == count
        assert not any("entries/000" in asked for asked in source.asked)
        assert not any(asked.startswith("payloads/000") for asked in source.asked)
        assert holds(copy)


@pytest.mark.parametrize("is_following", [False, True], ids=["first", "following"])
def test_it_resumes_wherever_it_was_stopped(
    record: Path, tmp_path: Path, is_following: bool
) -> None:
    """The line breaks before each single answer; what is shown holds, and one more
    look has it all, without asking again for what was there already.
    """
    base = tmp_path / "base"
    if is_following:
        look(record, base)
        seal(record, *(f"grown {n}" for n in range(300)), enrols="third")
    else:
        base.mkdir()
    whole = Counted(record, lambda _number: None)
    look_at(whole, Path(shutil.copytree(base, tmp_path / "whole")))
    goal, before = Record.opened(record).size, size_shown(base)
    assert len(whole.asked) > 10
    for number in range(1, len(whole.asked) + 1):
        copy = Path(shutil.copytree(base, tmp_path / f"copy-{number}"))
        with pytest.raises(Unavailable, match="the line broke"):
            look_at(Counted(record, broken_at(number)), copy)
        assert size_shown(copy) in {before, goal}
        assert before == 0 or not verify_record(copy).faults
        again = Counted(record, lambda _number: None)
        look_at(again, copy)
        assert size_shown(copy) == goal
        assert not verify_record(copy).faults
        assert len(again.asked) <= len(whole.asked) + 1
    # The last one was broken off after the checkpoint was in place.
    assert not any("payloads" in asked for asked in again.asked)


def test_a_head_start_that_is_wrong_is_thrown_away(
    record: Path, tmp_path: Path
) -> None:
    """A bundle that a broken run left, of entries that hold but are not the log's."""
    copy = tmp_path / "copy"
    other = begun(tmp_path / "other", sealed=280)
    left = "log/tile/entries/000"
    (copy / left).parent.mkdir(parents=True)
    (copy / left).write_bytes((other / left).read_bytes())
    assert look(record, copy).size == SEALED
    assert holds(copy)


def test_a_payload_that_a_power_cut_tore_is_fetched_again(
    record: Path, tmp_path: Path
) -> None:
    """Of the right length, beyond the checkpoint, and not what was sealed."""
    copy = tmp_path / "copy"
    look(record, copy)
    seal(record, "whole", "and one more")
    whole = (record / "payloads" / "001").read_bytes()
    torn = whole.replace(b"whole", b"w\0\0\0\0")
    assert torn != whole
    (copy / "payloads" / "001").write_bytes(torn)
    assert look(record, copy).size == SEALED + 2
    assert holds(copy)


def test_a_part_of_a_group_that_lies_elsewhere_is_not_taken_for_the_rest(
    record: Path, tmp_path: Path
) -> None:
    """The copy lacks a payload, so that where its group ends the source's has another
    statement's payload, whole and in its form.
    """
    copy = tmp_path / "copy"
    look(record, copy)
    seal(record, "x" * 20)
    look(record, copy, Terms(takes_payloads=False))
    # Eight bytes shorter: a marker and this one take the room of that one.
    seal(record, "y" * 12)
    look(record, copy)
    ours = (copy / "payloads" / "001").read_bytes()
    theirs = (record / "payloads" / "001").read_bytes()
    assert theirs[len(ours) :].endswith(b"y" * 12)
    assert len(theirs) - len(ours) == 8 + 32 + 12
    seal(record, "z")
    assert look(record, copy).not_served == 0
    assert verify_record(copy).not_here == 1
    assert holds(copy)


def test_an_altered_source_changes_nothing(record: Path, tmp_path: Path) -> None:
    """One bit in each kind of file: refused, and the copy stays as it was.

    Hash tiles are not even asked for: no bit of theirs can matter.
    """
    base = tmp_path / "base"
    look(record, base)
    seal(record, *(f"grown {n}" for n in range(300)), enrols="third")
    stamp(record)
    goal = Record.opened(record).size
    kinds: dict[str, type[Exception] | tuple[type[Exception], ...]] = {
        "log/checkpoint": ProofFails,
        f"log/tile/entries/002.p/{goal % 256}": ProofFails,
        "log/tile/entries/001": ProofFails,
        "payloads/001": (ProofFails, Unavailable),
        "payloads/002": (ProofFails, Unavailable),
    }
    had_before = {
        "log/tile/entries/001": f"log/tile/entries/001.p/{SEALED % 256}",
        "payloads/001": "payloads/001",
    }
    for path, refusal in kinds.items():
        whole = (record / path).read_bytes()
        # What the copy has already is not read again, so bits count from there on.
        had = base / had_before.get(path, "nothing")
        first = had.stat().st_size if had.is_file() else 0
        for at in range(first, len(whole), max(1, (len(whole) - first) // 3)):
            altered = whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]
            (record / path).write_bytes(altered)
            copy = Path(shutil.copytree(base, tmp_path / "copy"))
            with pytest.raises(refusal):
                look(record, copy)
            assert files_of(copy)["log/checkpoint"] == files_of(base)["log/checkpoint"]
            assert not verify_record(copy).faults
            (record / path).write_bytes(whole)
            # What was taken in vain is no obstacle.
            assert look(record, copy).size == goal
            assert verify_record(copy).faults == ()
            shutil.rmtree(copy)
    for tile in (record / "log" / "tile" / "0").rglob("*"):
        if tile.is_file():
            tile.write_bytes(bytes(tile.stat().st_size))
    assert look(record, base).size == goal
    assert holds(base)


@pytest.mark.parametrize(
    "path", ["witnessed/checkpoint", f"timestamps/{SEALED}.note", "timestamps/index"]
)
def test_what_stands_beside_the_log_is_checked_too(
    record: Path, tmp_path: Path, path: str
) -> None:
    """An altered one is refused and not kept; the log was taken over."""
    whole = (record / path).read_bytes()
    at = max(0, len(whole) - 9)
    (record / path).write_bytes(whole[:at] + bytes([whole[at] ^ 64]) + whole[at + 1 :])
    copy = tmp_path / "copy"
    with pytest.raises(ProofFails, match=path.split("/", maxsplit=1)[0]):
        look(record, copy)
    assert size_shown(copy) == SEALED
    assert not (copy / path).exists()
    (record / path).write_bytes(whole)
    look(record, copy)
    assert (copy / path).read_bytes() == whole


def test_another_record_under_the_same_address_is_refused(
    record: Path, tmp_path: Path
) -> None:
    """Whoever takes an address over cannot take the mirrors over as well."""
    copy, other = tmp_path / "copy", begun(tmp_path / "other", sealed=310)
    look(record, copy)
    before = files_of(copy)
    with pytest.raises(ProofFails, match="log/checkpoint: checkpoint is of"):
        look(other, copy)
    with pytest.raises(ProofFails, match="somebody poses as it"):
        look(other, tmp_path / "new", Terms(key=key_of(record)))
    assert files_of(copy) == before
    assert size_shown(tmp_path / "new") == 0


SPLITS = {
    "the other is larger": (["a"], ["b", "c", "d"]),
    "the other is smaller": (["a", "b", "c"], ["d"]),
    "of one size": (["a", "b"], ["c", "d"]),
}


@pytest.mark.parametrize("split", SPLITS)
def test_a_second_history_is_proved(record: Path, tmp_path: Path, split: str) -> None:
    """The log's own key signs another one: told, proved, and the copy kept."""
    fork, copy = Path(shutil.copytree(record, tmp_path / "fork")), tmp_path / "copy"
    for folder, said in zip((record, fork), SPLITS[split], strict=True):
        seal(folder, *said)
    look(record, copy)
    before = files_of(copy)
    with served(fork) as address:
        done = CliRunner().invoke(app, ["mirror", address, str(copy), "--json"])
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["standing"] == "split"
    proof = verify_split_view(Path(told["split_view"]).read_bytes())
    assert proof.log == key_of(record)
    assert files_of(copy) == before
    assert look(record, copy).standing is Standing.UNCHANGED


def test_a_witnessed_checkpoint_of_a_second_history_is_a_proof_too(
    record: Path, tmp_path: Path
) -> None:
    """Only witnesses were shown the other one, and the record keeps their note."""
    fork, copy = Path(shutil.copytree(record, tmp_path / "fork")), tmp_path / "copy"
    seal(record, "a", "b")
    seal(fork, "c")
    stamp(fork)
    shutil.copy(fork / "witnessed" / "checkpoint", record / "witnessed" / "checkpoint")
    found = look(record, copy)
    assert found.standing is Standing.SPLIT
    assert found.split_view is not None
    assert verify_split_view(found.split_view.raw()).log == key_of(record)


def test_a_log_that_shrank_is_told(record: Path, tmp_path: Path) -> None:
    """A backup in place of the record: no lie is proved, and nothing is given up."""
    copy, backup = tmp_path / "copy", Path(shutil.copytree(record, tmp_path / "backup"))
    seal(record, "one more")
    look(record, copy)
    done = CliRunner().invoke(app, ["mirror", str(backup), str(copy)])
    assert done.exit_code == 1
    assert f"shows {SEALED} statements, this copy has {SEALED + 1}" in done.stdout
    assert size_shown(copy) == SEALED + 1
    assert not (copy / "evidence").exists()


def test_a_record_may_grow_while_it_is_mirrored(record: Path, tmp_path: Path) -> None:
    """Partial files vanish between two answers; the whole ones hold the same."""
    grown = []

    def grow(number: int) -> None:
        if number in {4, 6}:
            seal(record, *(f"meanwhile {number} {n}" for n in range(250)))
            grown.append(number)

    copy = tmp_path / "copy"
    found = look_at(Counted(record, grow), copy)
    assert grown == [4, 6]
    assert found.size == SEALED
    assert holds(copy)
    assert look(record, copy).size == SEALED + 500
    assert holds(copy)


def test_payloads_that_are_refused_are_filled_in_later(
    record: Path, tmp_path: Path
) -> None:
    """The second group is refused at first; readers of the copy see it come."""
    seal(record, *(f"third bundle {n}" for n in range(260)))
    copy = tmp_path / "copy"
    with served(record, refuses=lambda p: 403 * (p == "payloads/002")) as address:
        found = look(address, copy)
        assert found.size == SEALED + 260
        assert found.not_served == SEALED + 260 - 512
        assert found.not_served_reasons == ("403 Forbidden",)
        assert verify_record(copy).not_here == found.not_served
        assert holds(copy)
        again = look(address, copy, Terms(fills_gaps=True))
        assert again.filled == 0
        assert again.notes == ["payloads: still lacking in 1 groups (403 Forbidden)"]
    reader = PayloadReader(copy)
    assert reader.read(520) is None
    with served(record) as address:
        assert look(address, copy).filled == 0
        assert look(address, copy, Terms(fills_gaps=True)).filled == found.not_served
    salted = reader.read(520)
    assert salted is not None
    assert salted.payload.startswith(b"third bundle")
    assert verify_record(copy).not_here == 0
    assert holds(copy)


def test_a_wrong_payload_fills_no_gap(record: Path, tmp_path: Path) -> None:
    """What comes later is checked like what comes at once."""
    copy = tmp_path / "copy"
    look(record, copy, Terms(takes_payloads=False))
    whole = (record / "payloads" / "001").read_bytes()
    (record / "payloads" / "001").write_bytes(whole[:-1] + b"?")
    with pytest.raises(ProofFails, match="statement 299: its payload is not the one"):
        look(record, copy, Terms(fills_gaps=True))
    assert holds(copy)


def test_a_copy_of_the_log_alone(record: Path, tmp_path: Path) -> None:
    """Only the payloads that enrol are here; everybody may check the rest of the log.

    A copy that follows it later with payloads has the new ones only.
    """
    copy, third = tmp_path / "copy", tmp_path / "third"
    found = look(record, copy, Terms(takes_payloads=False))
    assert found.left_out == SEALED - len(Record.opened(record).identity)
    assert verify_record(copy).not_here == found.left_out
    assert holds(copy)
    look(copy, third)
    assert verify_record(third).not_here == found.left_out
    assert holds(third)
    seal(record, "new", enrols="third")
    # The source's group has other payloads before, so the part asked for is elsewhere.
    assert look(record, copy).not_served == 0
    assert verify_record(copy).not_here == found.left_out
    assert look(record, third, Terms(fills_gaps=True)).filled == found.left_out
    assert verify_record(third).not_here == 0
    assert holds(copy)
    assert holds(third)


@pytest.mark.parametrize("status", [403, 404])
def test_without_the_payloads_that_enrol_there_is_no_copy(
    record: Path, tmp_path: Path, status: int
) -> None:
    """Nobody could check who may state: said, and nothing is shown."""
    copy = tmp_path / "copy"
    with (
        served(record, refuses=lambda p: status * p.startswith("payloads")) as address,
        pytest.raises(Unavailable, match="does not give the founding"),
    ):
        look(address, copy)
    assert size_shown(copy) == 0
    look(record, copy)
    seal(record, enrols="third")
    with (
        served(record, refuses=lambda p: status * p.startswith("payloads")) as address,
        pytest.raises(Unavailable, match=f"statement {SEALED}: the payload of this e"),
    ):
        look(address, copy)
    assert size_shown(copy) == SEALED
    assert not verify_record(copy).faults


def test_only_what_is_witnessed(record: Path, tmp_path: Path) -> None:
    """A copy that asks for witnesses stops at what they saw."""
    copy, terms = tmp_path / "copy", Terms(requires_witnesses=True)
    seal(record, "not witnessed yet")
    assert look(record, copy, terms).size == SEALED
    assert holds(copy)
    assert look(record, copy, terms).standing is Standing.UNCHANGED
    assert look(record, copy).size == SEALED + 1
    # Behind the log, and so behind the copy: that is no shrinking.
    assert look(record, copy, terms).standing is Standing.UNCHANGED
    (record / "witnessed" / "checkpoint").unlink()
    found = look(record, tmp_path / "none", terms)
    assert found.standing is Standing.NOT_WITNESSED
    assert size_shown(tmp_path / "none") == 0


def test_a_checkpoint_that_too_few_witnessed_is_not_followed(
    record: Path, tmp_path: Path
) -> None:
    """The log's own note in the witnesses' place."""
    shutil.copy(record / "log" / "checkpoint", record / "witnessed" / "checkpoint")
    found = look(record, tmp_path / "copy", Terms(requires_witnesses=True))
    assert found.standing is Standing.NOT_WITNESSED
    with pytest.raises(ProofFails, match=r"does not satisfy 1 of \{w\}"):
        look(record, tmp_path / "copy")


def test_two_mirrors_do_not_share_a_folder(record: Path, tmp_path: Path) -> None:
    """The second one is told; a record of somebody's own is never written over."""
    copy = tmp_path / "copy"
    with (
        mirror_opened(str(record), copy),
        pytest.raises(UnavailableRecord, match="another process"),
    ):
        look(record, copy)
    with pytest.raises(InvalidInput, match="a record that is written to"):
        look(copy, record)
    with pytest.raises(InvalidInput, match="no folder, and no http"):
        look(tmp_path / "nowhere", copy)
    look(record, copy)
    with pytest.raises(InvalidInput, match="a mirror of itself"):
        look(copy, copy)
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    with pytest.raises(InvalidInput, match=r"full holds letter\.txt and no copy"):
        look(record, full)
