"""Witnesses over real HTTP on this machine, with real records in real folders.

An operator who shows two histories is played by two copies of one record's folder, with
one log key, continued differently.
"""

import functools
import http.client
import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from truce.app.witnessing import (
    Rounds,
    asked_witnesses,
    compared_histories,
    know_log,
    new_witness,
    serving_witness,
)
from truce.cli import app
from truce.errors import InvalidInput, ProofFails, Unavailable, UnavailableRecord
from truce.exchange.tlog_witness import WitnessesOverHttp
from truce.record import (
    OPERATOR,
    Record,
    RecordKind,
    RecordWriter,
    Unsealed,
    found_record,
)
from truce.record.merkle import consistency_path
from truce.record.note import (
    VerifierKey,
    checkpoint_from_note,
    log_key,
    note_from_bytes,
    verifier_key_from_text,
)
from truce.record.policy import Policy, PolicyWitness, policy_from_text, policy_text
from truce.record.tiles import TileReader
from truce.record.witnessing.split_view import verify_split_view
from truce.record.witnessing.witness import Submission, origin_hash
from truce.statements import rights_by_kind
from truce.storage.witness_folder import WitnessedCheckpoint
from truce.workflows.witnessing.ask import Asked, Asking
from truce.workflows.witnessing.compare import Comparison, Standing

START = datetime(2031, 5, 4, 6, 0, tzinfo=UTC)
NAMES = ("a", "b", "c")


def clock() -> datetime:
    """A clock that stands still."""
    return START


def seal(folder: Path, *payloads: str) -> None:
    """Seals statements of the operator's in a record."""
    writer = RecordWriter.opened(folder, clock=clock)
    try:
        for text in payloads:
            writer.seal(
                [
                    Unsealed(
                        kind="delivery",
                        by=OPERATOR,
                        payload=text.encode(),
                        stated_at=START,
                    )
                ]
            )
    finally:
        writer.close()


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A record with its founding and four statements."""
    folder = tmp_path / "record"
    found_record(
        folder,
        kind=RecordKind.REAL,
        name="kestrel",
        clock=clock,
        rights=rights_by_kind(),
    ).close()
    seal(folder, "one", "two", "three", "four")
    return folder


@pytest.fixture
def fork(record: Path, tmp_path: Path) -> Path:
    """The same record, with the same log key, to be continued differently."""
    return Path(shutil.copytree(record, tmp_path / "fork"))


def key_of(folder: Path) -> VerifierKey:
    """The key of a record's log."""
    opened = Record.opened(folder)
    return log_key(opened.origin, opened.founding.log_key)


@contextmanager
def files_served(folder: Path) -> Iterator[str]:
    """A folder as any web server serves it."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            """Nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Witness:
    """A witness that serves, and what its rounds found."""

    def __init__(self, folder: Path, vkey: VerifierKey) -> None:
        self.folder = folder
        self.vkey = vkey
        self.url = ""
        self.found: list[Comparison] = []
        self.was_round = threading.Event()
        self.rounds: Rounds

    def take(self, comparisons: Sequence[Comparison]) -> None:
        """Notes what a round found."""
        self.found.extend(comparisons)
        self.was_round.set()

    def evidence(self) -> list[bytes]:
        """The split views that it keeps."""
        return [p.read_bytes() for p in (self.folder / "evidence").iterdir()]


class Party:
    """Starts witnesses, and stops them all."""

    def __init__(self, tmp_path: Path) -> None:
        self.stack = ExitStack()
        self.tmp_path = tmp_path

    def witness(
        self,
        name: str,
        log: VerifierKey,
        *,
        url: str = "",
        peers: Sequence[str] = (),
        now: Callable[[], datetime] | None = None,
    ) -> Witness:
        """A witness of a log; its rounds are made by hand, or after a suspicion."""
        folder = self.tmp_path / f"witness-{name}"
        made = Witness(folder, new_witness(folder, f"w.example/{name}"))
        know_log(folder, log, url)
        self.serve(made, peers=peers, now=now)
        return made

    def serve(
        self,
        made: Witness,
        *,
        peers: Sequence[str] = (),
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """Serves a witness that was made."""
        made.url, made.rounds = self.stack.enter_context(
            serving_witness(
                made.folder,
                host="127.0.0.1",
                port=0,
                peers=peers,
                every_s=3600.0,
                on_round=made.take,
                on_failure=pytest.fail,
                **({"clock": now} if now else {}),
            )
        )


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Party]:
    """Who runs witnesses."""
    made = Party(tmp_path)
    with made.stack:
        yield made


def policy(count: int, *witnesses: Witness) -> Policy:
    """K of these witnesses, each where it serves."""
    rows = [
        PolicyWitness(name=name, key=witness.vkey, url=witness.url)
        for name, witness in zip(NAMES, witnesses, strict=False)
    ]
    return policy_from_text(policy_text(count, rows))


def ask(folder: Path, rules: Policy) -> Asking:
    """Asks about a record's newest checkpoint."""
    return asked_witnesses(Record.opened(folder), rules, urls={})


def outcomes(asking: Asking) -> list[Asked]:
    """What became of each witness."""
    return [row.outcome for row in asking.asked]


def witnessed_size(folder: Path) -> int | None:
    """The size of the record's witnessed checkpoint; None where there is none."""
    path = folder / "witnessed" / "checkpoint"
    return checkpoint_from_note(path.read_bytes()).size if path.exists() else None


def test_a_growing_record_is_cosigned_by_its_witnesses(
    record: Path, party: Party
) -> None:
    """Two of three are enough; the third is down, comes back, and catches up."""
    log = key_of(record)
    a, b = party.witness("a", log), party.witness("b", log)
    down = Witness(
        party.tmp_path / "witness-c",
        new_witness(party.tmp_path / "witness-c", "w.example/c"),
    )
    know_log(down.folder, log, "")
    down.url = "http://127.0.0.1:9"
    found = ask(record, policy(2, a, b, down))
    assert outcomes(found) == [Asked.COSIGNED, Asked.COSIGNED, Asked.UNANSWERED]
    assert found.witnessed.is_satisfied
    assert found.is_kept
    assert witnessed_size(record) == 5
    seal(record, "five", "six")
    party.serve(down)
    found = ask(record, policy(3, a, b, down))
    assert outcomes(found) == [Asked.COSIGNED] * 3
    assert found.rule == "3 of {a, b, c}"
    assert witnessed_size(record) == 7


def test_too_few_witnesses_change_nothing(record: Path, party: Party) -> None:
    """Readers go on seeing the last checkpoint that was witnessed."""
    a, b = (party.witness(name, key_of(record)) for name in "ab")
    assert ask(record, policy(2, a, b)).is_kept
    seal(record, "five")
    b.url = "http://127.0.0.1:9"
    found = ask(record, policy(2, a, b))
    assert not found.witnessed.is_satisfied
    assert not found.is_kept
    assert witnessed_size(record) == 5


def test_cosignatures_of_one_checkpoint_are_joined(record: Path, party: Party) -> None:
    """Who cosigned yesterday counts today, while the record stands still."""
    a, b = (party.witness(name, key_of(record)) for name in "ab")
    assert ask(record, policy(1, a, b)).is_kept
    a.url = "http://127.0.0.1:9"
    b_alone = ask(record, policy(2, a, b))
    assert outcomes(b_alone) == [Asked.UNANSWERED, Asked.COSIGNED]
    assert b_alone.witnessed.is_satisfied
    assert set(b_alone.witnessed.cosigned_at) == {"a", "b"}


def test_a_witness_that_lies_counts_for_nothing(record: Path, party: Party) -> None:
    """Its key is not the policy's; or its clock is a year ahead; or it knows no log."""
    log = key_of(record)
    ahead = party.witness(
        "ahead", log, now=lambda: datetime.now(UTC) + timedelta(days=365)
    )
    other, right = party.witness("other", log), party.witness("right", log)
    right.url, right_url = other.url, right.url
    found = ask(record, policy(1, ahead, right))
    assert outcomes(found) == [Asked.REFUSED, Asked.REFUSED]
    assert "after now" in found.asked[0].reason
    assert "another key" in found.asked[1].reason
    assert not found.witnessed.is_satisfied
    right.url = right_url
    assert ask(record, policy(1, ahead, right)).is_kept


def test_an_older_copy_is_told_that_a_witness_saw_more(
    record: Path, party: Party
) -> None:
    """A backup put in place of the record must not go on from there."""
    backup = Path(shutil.copytree(record, party.tmp_path / "backup"))
    a = party.witness("a", key_of(record))
    seal(record, "five")
    assert ask(record, policy(1, a)).is_kept
    found = ask(backup, policy(1, a))
    assert outcomes(found) == [Asked.SAW_MORE]
    assert "saw 6 entries, this copy holds 5" in found.asked[0].reason
    assert witnessed_size(backup) is None


def test_a_witnessed_checkpoint_never_goes_back(record: Path, party: Party) -> None:
    """An asker that was slow must not put the older checkpoint over the newer one."""
    a = party.witness("a", key_of(record))
    slow = Record.opened(record)
    assert asked_witnesses(slow, policy(1, a), urls={}).is_kept
    seal(record, "five")
    older = (record / "witnessed" / "checkpoint").read_bytes()
    assert ask(record, policy(1, a)).is_kept
    assert not WitnessedCheckpoint(record).replace(note_from_bytes(older))
    assert witnessed_size(record) == 6


def test_an_address_for_a_stranger_is_refused(record: Path, party: Party) -> None:
    """A mistyped name must not be passed over."""
    a = party.witness("a", key_of(record))
    with pytest.raises(InvalidInput, match="z: the policy does not name it"):
        asked_witnesses(Record.opened(record), policy(1, a), urls={"z": a.url})


def test_an_honest_log_is_found_to_be_one_history(record: Path, party: Party) -> None:
    """Three witnesses at three sizes, one of which has seen nothing yet."""
    with files_served(record) as address:
        url, log = f"{address}/log", key_of(record)
        a, b, c = (party.witness(name, log, url=url) for name in NAMES)
        assert ask(record, policy(1, a)).is_kept
        seal(record, *(f"more {n}" for n in range(300)))
        assert ask(record, policy(1, b)).is_kept
        seal(record, "last")
        for where in (url, str(record)):
            found = compared_histories(log, [a.url, b.url, c.url], where=where)
            assert found.is_one_history
            assert [row.standing for row in found.compared] == [
                Standing.NOTHING_YET,
                Standing.ONE_HISTORY,
                Standing.ONE_HISTORY,
                Standing.ONE_HISTORY,
            ]
        for witness in (a, b, c):
            witness.rounds.make()
            assert all(comparison.is_one_history for comparison in witness.found)
            assert witness.evidence() == []


# Which history each witness is shown, how much each grew, and which the log serves.
SPLITS = {
    "same size": (["A1", "A2"], ["B1", "B2"]),
    "the second is larger": (["A1"], ["B1", "B2", "B3"]),
    "the first is larger": (["A1", "A2", "A3", "A4"], ["B1"]),
    "from a power of two": (["A1", "A2", "A3"], ["B1", "B2", "B3", "B4", "B5"]),
}


@pytest.mark.parametrize("split", SPLITS)
def test_two_histories_shown_to_two_witnesses_are_caught_by_both_in_one_round(
    record: Path, fork: Path, party: Party, split: str
) -> None:
    """Each witness sees a log that only grows; comparing shows that they are two."""
    for folder, texts in zip((record, fork), SPLITS[split], strict=True):
        seal(folder, *texts)
    log = key_of(record)
    with files_served(record) as shown_a, files_served(fork) as shown_b:
        a = party.witness("a", log, url=f"{shown_a}/log")
        b = party.witness("b", log, url=f"{shown_b}/log", peers=[a.url])
        # Known only once it serves: the first gets the second as its peer now.
        a.rounds._peers = (b.url,)
        assert ask(record, policy(1, a)).is_kept
        assert ask(fork, policy(1, b)).is_kept
        assert a.evidence() == []
        assert b.evidence() == []
        a.rounds.make()
        b.rounds.make()
    for witness in (a, b):
        assert witness.evidence(), "a witness was not told"
        for raw in witness.evidence():
            # With nothing beside it: the origin names the key.
            assert verify_split_view(raw).log == log
            for at in range(0, len(raw), 7):
                with pytest.raises(ProofFails):
                    verify_split_view(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    shown = WitnessesOverHttp()
    assert shown.log_at(a.url).file(f"{origin_hash(log.name)}/split-view", 300_000)


@pytest.mark.parametrize("shown_to_b", [1, 2, 3])
def test_an_operator_who_serves_one_history_and_shows_another_is_caught(
    record: Path, fork: Path, party: Party, shown_to_b: int
) -> None:
    """Both witnesses read the log at one address, where the second history never was.

    Where the hidden one is larger than what is served, it cannot be tied to it yet:
    that is told at once, and proved as soon as the served one has grown as far.
    """
    seal(record, "A1", "A2")
    seal(fork, *(f"B{n}" for n in range(shown_to_b)))
    log = key_of(record)
    with files_served(record) as shown:
        a = party.witness("a", log, url=f"{shown}/log")
        b = party.witness("b", log, url=f"{shown}/log", peers=[a.url])
        assert ask(record, policy(1, a)).is_kept
        assert ask(fork, policy(1, b)).is_kept
        b.rounds.make()
        assert not b.found[-1].is_one_history
        if shown_to_b == 3:
            assert "the log shows only 7" in b.found[-1].compared[0].reason
            assert b.evidence() == []
            seal(record, "A3", "A4")
            b.rounds.make()
        # Known already, it is told again and not compared again.
        b.rounds.make()
        assert b.found[-1].is_split
    for witness in (a, b):
        (raw,) = witness.evidence()
        verify_split_view(raw, log=log)


@pytest.mark.parametrize("old_texts", [0, 1, 3])
def test_a_second_history_shown_to_the_same_witness_is_caught_at_once(
    record: Path, fork: Path, party: Party, old_texts: int
) -> None:
    """At once where the proof holds the other root, else by the round that follows.

    Eight statements are a power of two, for which the proof leaves the old root out.
    """
    seal(record, *(f"A{n}" for n in range(old_texts)))
    seal(fork, *(f"B{n}" for n in range(7)))
    log = key_of(record)
    with files_served(fork) as shown:
        peer = party.witness("peer", log)
        a = party.witness("a", log, url=f"{shown}/log", peers=[peer.url])
        if old_texts == 0:
            # Both histories are the same so far: nothing to catch.
            assert ask(record, policy(1, a)).is_kept
            assert ask(fork, policy(1, a)).is_kept
            assert a.evidence() == []
            return
        assert ask(record, policy(1, a)).is_kept
        found = ask(fork, policy(1, a))
        assert outcomes(found) == [Asked.REFUSED]
        assert "answered 422" in found.asked[0].reason
        assert a.was_round.wait(10.0) or a.evidence()
        a.rounds.stop()
    for witness in (a, peer):
        (raw,) = witness.evidence()
        verify_split_view(raw, log=log)


def test_a_log_that_hides_what_a_witness_saw_is_told(
    record: Path, party: Party
) -> None:
    """Nothing is proved by it, and an honest log has no reason for it."""
    hidden = Path(shutil.copytree(record, party.tmp_path / "hidden"))
    a = party.witness("a", key_of(record))
    seal(record, "five")
    assert ask(record, policy(1, a)).is_kept
    found = compared_histories(key_of(record), [a.url], where=str(hidden))
    assert not found.is_one_history
    assert not found.is_split
    assert found.compared[0].standing is Standing.NOT_SHOWN
    assert "shown 6 entries, the log shows only 5" in found.compared[0].reason


def test_another_history_of_one_size_is_told_to_who_asks(
    record: Path, fork: Path, party: Party
) -> None:
    """The operator of an honest copy learns at once that there is another."""
    a = party.witness("a", key_of(record))
    seal(record, "A1", "A2")
    seal(fork, "B1", "B2")
    assert ask(record, policy(1, a)).is_kept
    found = ask(fork, policy(1, a))
    assert outcomes(found) == [Asked.SAW_ANOTHER]
    assert "another history of 7 entries" in found.asked[0].reason
    (raw,) = a.evidence()
    verify_split_view(raw, log=key_of(record))


def test_tiles_that_do_not_lead_to_the_checkpoint_accuse_nobody(
    record: Path, fork: Path, party: Party
) -> None:
    """A mirror that mixed up two copies proves nothing about the log's key."""
    a = party.witness("a", key_of(record))
    seal(record, "A1")
    assert ask(record, policy(1, a)).is_kept
    seal(record, "A2")
    seal(fork, "B1", "B2")
    shutil.rmtree(record / "log" / "tile")
    shutil.copytree(fork / "log" / "tile", record / "log" / "tile")
    found = compared_histories(key_of(record), [a.url], where=str(record))
    assert found.compared[0].standing is Standing.NOT_SHOWN
    assert "do not lead to the root" in found.compared[0].reason
    assert not found.is_split


def test_a_full_tile_stands_for_a_partial_one(tmp_path: Path) -> None:
    """A log may drop a partial tile once the full one is there. Source: C2SP
    tlog-tiles, partial tiles.
    """
    hashes = [bytes([n]) * 32 for n in range(256)]
    full = tmp_path / "tile" / "0" / "000"
    full.parent.mkdir(parents=True)
    full.write_bytes(b"".join(hashes))
    with files_served(tmp_path) as address:
        nodes = WitnessesOverHttp().log_at(address).nodes(100)
        assert nodes(0, 99) == hashes[99]
        full.unlink()
        assert nodes(0, 98) == hashes[98]
        with pytest.raises(Unavailable, match="000 are not there"):
            WitnessesOverHttp().log_at(address).nodes(100)(0, 99)
        full.write_bytes(b"".join(hashes)[:-1])
        with pytest.raises(ProofFails, match="cut short"):
            WitnessesOverHttp().log_at(address).nodes(256)(0, 255)


def test_garbage_proofs_make_no_evidence(record: Path, party: Party) -> None:
    """Anybody may send a true checkpoint with a false proof; the log is not accused."""
    a = party.witness("a", key_of(record))
    assert ask(record, policy(1, a)).is_kept
    seal(record, "five", "six", "seven")
    opened = Record.opened(record)
    note = note_from_bytes(opened.checkpoint)
    nodes = TileReader(record / "log", opened.size).node
    path = consistency_path(nodes, 5, opened.size)
    for wrong in ((), path[1:], path[:-1], (bytes(32),) * len(path), (*path, path[0])):
        body = Submission(
            old_size=5,
            path=wrong,
            note=note,
            checkpoint=checkpoint_from_note(opened.checkpoint),
        ).raw()
        assert WitnessesOverHttp().add_checkpoint(a.url, body).status == 422
    a.rounds.make()
    assert a.evidence() == []


def request(
    url: str, method: str, path: str, body: bytes = b""
) -> tuple[int, str, bytes]:
    """The status, the type and the body of an answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request(method, path, body=body)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Type", ""), answer.read()
    finally:
        connection.close()


def test_the_wire_is_that_of_the_standard(record: Path, party: Party) -> None:
    """Source: C2SP tlog-witness, statuses, bodies and types."""
    log = key_of(record)
    a = party.witness("a", log)
    raw = Record.opened(record).checkpoint
    status, _, body = request(a.url, "POST", "/add-checkpoint", b"old 0\n\n" + raw)
    assert status == 200
    assert body.decode().startswith("\u2014 w.example/a ")
    assert body.endswith(b"\n")
    status, kind, body = request(a.url, "POST", "/add-checkpoint", b"old 0\n\n" + raw)
    assert (status, kind, body) == (409, "text/x.tlog.size", b"5\n")
    hashed = origin_hash(log.name)
    status, _, body = request(a.url, "GET", f"/{hashed}/checkpoint")
    assert status == 200
    assert checkpoint_from_note(body).size == 5
    stranger = raw.replace(b"kestrel", b"another")
    for sent, expected in (
        (b"", 400),
        (b"nonsense", 400),
        (b"old 9\n\n" + raw, 400),
        (b"old 0\n\n" + stranger, 404),
        (b"old 0\n\n" + raw.replace(b"\n5\n", b"\n6\n"), 403),
        (b"x" * 65_537, 413),
    ):
        assert request(a.url, "POST", "/add-checkpoint", sent)[0] == expected, sent[:20]
    for path in (
        "/",
        "/key",
        "/../key",
        "/%2e%2e/key",
        "/..%2fkey/checkpoint",
        f"/{hashed}/../../key",
        f"/{hashed}/split-view",
        f"/{'0' * 64}/checkpoint",
    ):
        status, _, body = request(a.url, "GET", path)
        assert status == 404, path
        assert (a.folder / "key").read_bytes().strip() not in body
    for sent in (b"", b"{}", b"x" * 300_000):
        assert request(a.url, "POST", "/add-split-view", sent)[0] in (413, 422)
    assert a.evidence() == []


def test_a_witness_is_run_by_one_process(record: Path, party: Party) -> None:
    """Two would each cosign what the other does not know of."""
    a = party.witness("a", key_of(record))
    with (
        pytest.raises(UnavailableRecord, match="another process cosigns"),
        serving_witness(
            a.folder,
            host="127.0.0.1",
            port=0,
            peers=(),
            every_s=60.0,
            on_round=a.take,
            on_failure=pytest.fail,
        ),
    ):
        pytest.fail("two processes cosign as one witness")


def test_an_answer_without_end_is_cut_off(party: Party) -> None:
    """Whoever answers must not be able to keep the asker, or fill its memory."""
    big = party.tmp_path / "big"
    big.mkdir()
    (big / "checkpoint").write_bytes(b"x" * 100_000)
    with (
        files_served(big) as address,
        pytest.raises(Unavailable, match="more than 65536 bytes"),
    ):
        WitnessesOverHttp().log_at(address).checkpoint()


def test_an_answer_that_drips_is_cut_off() -> None:
    """A byte now and then would hold an asker for ever; its time as a whole is bounded.

    The server writes a byte every twentieth of a second, and each one comes in time.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            while not is_over.wait(0.05):
                connection.sendall(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    line = WitnessesOverHttp(timeout_s=0.4)
    with pytest.raises(Unavailable, match=r"no whole answer within 0\.4 s"):
        line.add_checkpoint(f"http://127.0.0.1:{listener.getsockname()[1]}", b"")
    is_over.set()
    thread.join()
    listener.close()


def test_without_the_log_only_notes_of_one_size_are_compared(
    record: Path, fork: Path, party: Party
) -> None:
    """Nobody was told where the log is: equal notes are equal, others stay untied."""
    log = key_of(record)
    a, b = (party.witness(name, log) for name in "ab")
    b.rounds._peers = (a.url,)
    assert ask(record, policy(2, a, b)).is_kept
    b.rounds.make()
    assert b.found[-1].is_one_history
    seal(record, "A1")
    assert ask(record, policy(1, a)).is_kept
    b.rounds.make()
    standings = [row.standing for row in b.found[-1].compared]
    assert standings == [Standing.NOT_SHOWN, Standing.ONE_HISTORY]
    seal(fork, "B1")
    assert ask(fork, policy(1, b)).is_kept
    b.rounds.make()
    standings = [row.standing for row in b.found[-1].compared]
    assert standings == [Standing.SPLIT, Standing.SPLIT]
    for witness in (a, b):
        verify_split_view(witness.evidence()[0], log=log)


def run(*words: str) -> tuple[int, str]:
    """A command's exit code and what it printed."""
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout


def test_the_commands_of_the_guide(record: Path, fork: Path, party: Party) -> None:
    """From a new witness to a proved split view, as docs/guide/run-a-witness.md has
    it.
    """
    folder = party.tmp_path / "north"
    code, text = run(
        "witness", "init", str(folder), "--name", "north.example", "--json"
    )
    assert code == 0
    vkey = json.loads(text)["vkey"]
    assert (folder / "key").stat().st_mode & 0o777 == 0o600
    assert run("witness", "init", str(folder), "--name", "north.example")[0] == 2
    _, line = run("witness", "log-key", str(record))
    assert verifier_key_from_text(line.strip()) == key_of(record)
    assert run("witness", "add-log", str(folder), line.strip())[0] == 0
    assert run("witness", "add-log", str(folder), vkey)[0] == 2
    north = Witness(folder, verifier_key_from_text(vkey))
    party.serve(north)
    code, rules = run("witness", "policy", "--quorum", "1", f"n={vkey}={north.url}")
    assert code == 0
    path = party.tmp_path / "policy"
    path.write_text(rules)
    seal(record, "A1", "A2")
    seal(fork, "B1", "B2")
    code, text = run("witness", "ask", str(record), "--policy", str(path), "--json")
    assert code == 0
    assert json.loads(text)["witnessed"] is True
    assert run("witness", "ask", str(fork), "--policy", str(path))[0] == 1
    assert run("witness", "ask", str(record))[0] == 0
    assert run("witness", "compare", str(record), north.url)[0] == 0
    out = party.tmp_path / "found.split-view"
    code, text = run(
        "witness", "compare", str(fork), north.url, "--out", str(out), "--json"
    )
    assert code == 1
    assert json.loads(text)["split"] is True
    verify_split_view(out.read_bytes(), log=key_of(record))
    assert run("witness", "verify-split", str(out), "--vkey", line.strip())[0] == 0
    assert run("witness", "verify-split", str(path), "--vkey", line.strip())[0] == 1
    assert run("witness", "verify-split", str(out))[0] == 0
    new = party.tmp_path / "founded"
    for faulty in (b"quorum nobody\n", b"log x\n" + rules.encode(), b"\xff"):
        path.write_bytes(faulty)
        words = ("init", str(new), "--kind", "study", "--policy", str(path))
        assert run(*words)[0] == 2
        assert not new.exists()
    path.write_text(rules)
    assert run("init", str(new), "--kind", "study", "--policy", str(path))[0] == 0
    founded = Record.opened(new)
    assert founded.founding.witness_policy == rules
    know_log(folder, key_of(new), "")
    assert run("witness", "ask", str(new))[0] == 0
    assert witnessed_size(new) == founded.size
    assert run("witness", "compare", str(record), "http://127.0.0.1:9")[0] == 3
    assert run("witness", "compare", "http://127.0.0.1:9", north.url)[0] == 2
    assert run("witness", "compare", str(record), "north")[0] == 2
