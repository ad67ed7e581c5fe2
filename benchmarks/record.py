"""How fast the record takes statements in, proves them and is checked.

    ./dev bench record --json [--largest 1e7] [--folder FOLDER]

Keys:

- `single_per_s`: durable statements a second, one statement a call, 64 clients (threads
  of this process, each with a key of its own) who wait for each acknowledgement before
  they hand in the next. Clients sign beforehand; parsing, the signature check, the
  journal and its flush, the log's files and the checkpoints are inside. The median of
  three records.
- `verify_limit_per_s`: Ed25519 signatures that one thread of this machine checks a
  second, over messages of a header's size; `verify_limit_cores_per_s` for all cores.
  `share_of_limit` is `single_per_s` over the first.
- `batch_observations_per_s`: observations a second in deliveries of 5,000 rows (thermal
  pixels as the FIRMS feed writes them), durable, 4 clients, each delivery one signed
  statement that is checked like any other; `batch_mb_per_s` the bytes.
- `append_us`: the median of single durable appends by one client, at 1e4, 1e6 and 1e7
  statements; `append_p99_us`; `append_flatness` the largest over the smallest median.
- `proof_us`: the median of making an inclusion proof of a random statement, the entry
  included; `proof_p99_ms` at the largest size; `proof_flatness`. Random places of a log
  that is larger than what the system keeps in memory are read from the disk:
  `proof_again_us` and `proof_again_flatness` are the same proofs a second time, and so
  what making them costs beside the disk.
- `verify_1e6_s`: `truce verify` of a record of 1 million statements on all cores;
  `independent_verify_1e6_s`: the same by truce_verify, in a process of its own.
- `open_s`: opening a writer at each size. `build_s`, `rss_mb`, `record_gb`.

The record grows to 10 million signed statements, about 8 GB, and is removed after.
`--largest 1e6` stops earlier, and leaves out what it did not reach.
"""

import argparse
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from truce.identifiers import ParticipantId, StatementIndex
from truce.record import (
    OPERATOR,
    HandedIn,
    Record,
    RecordKind,
    RecordWriter,
    Role,
    Unsealed,
    found_record,
    sign_statement,
    statement_file,
    statement_from_file,
    verify_record,
)
from truce.record.envelope import Envelope
from truce.record.keys import SecretKey, kept_key
from truce.record.payloads import SaltedPayload
from truce.record.signatures import Signed
from truce.statements import Delivery, rights_by_kind

SEED: Final = 20260106
CLIENTS: Final = 64
ROUNDS: Final = 200
ROWS: Final = 5_000
SIZES: Final = {"1e4": 10_000, "1e6": 1_000_000, "1e7": 10_000_000}
_CHUNK: Final = 16_384


def now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def say(text: str) -> None:
    """Progress, on standard error."""
    print(f"{datetime.now(UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


def clients_of(count: int) -> list[ParticipantId]:
    """Their ids."""
    return [ParticipantId(f"client-{number}") for number in range(count)]


def verify_limit(cores: int) -> float:
    """Signatures that so many processes check a second."""
    with ProcessPoolExecutor(cores) as pool:
        list(pool.map(_checked_in, [0.1] * cores))  # started and warm
        return sum(pool.map(_checked_in, [2.0] * cores))


def _checked_in(seconds: float) -> float:
    key = SecretKey(bytes(32))
    message = bytes(460)  # about what the signature of a header covers
    signed = Signed(key.public.raw, message, key.sign(message))
    count, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        for _ in range(100):
            assert signed.holds()
        count += 100
    return count / spent


def new_record(folder: Path, count: int) -> RecordWriter:
    """A record with so many clients."""
    makers = [(id_, id_, (Role.CONTRIBUTOR,)) for id_ in clients_of(count)]
    return found_record(
        folder,
        kind=RecordKind.STUDY,
        name="bench",
        clock=now,
        participants=makers,
        rights=rights_by_kind(),
    )


def hand_in(writer: RecordWriter, files: Sequence[Sequence[bytes]]) -> float:
    """Seconds until every client has handed in its files, one at a time."""
    start = threading.Barrier(len(files) + 1)

    def client(own: Sequence[bytes]) -> None:
        start.wait()
        for raw in own:
            writer.take([statement_from_file(raw)])

    threads = [threading.Thread(target=client, args=(own,)) for own in files]
    for thread in threads:
        thread.start()
    start.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started


def single(folder: Path) -> float:
    """Durable single statements a second with 64 clients."""
    writer = new_record(folder, CLIENTS)
    origin = writer.record.origin
    files = []
    for id_ in clients_of(CLIENTS):
        key = kept_key(folder, id_)
        own = [
            Unsealed(
                kind="delivery",
                by=id_,
                payload=delivery(b"row %d" % number),
                stated_at=now(),
            )
            for number in range(ROUNDS)
        ]
        files.append([statement_file(sign_statement(origin, one, key)) for one in own])
    hand_in(writer, [own[:20] for own in files])  # warm
    spent = hand_in(writer, [own[20:] for own in files])
    expected = 1 + CLIENTS * ROUNDS
    writer.close()
    assert Record.opened(folder).size == expected
    assert verify_record(folder).faults == ()
    return CLIENTS * (ROUNDS - 20) / spent


def delivery(raw: bytes) -> bytes:
    """A delivery's payload."""
    return Delivery(
        feed=FEED, file_name="bench.csv", received_at=EPOCH, raw=raw
    ).payload()


FEED: Any = "firms"
EPOCH: Final = datetime(2026, 1, 6, tzinfo=UTC)


def firms_rows(dice: random.Random, count: int) -> bytes:
    """Thermal pixels as the FIRMS feed writes them."""
    head = (
        "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,"
        "instrument,confidence,version,bright_t31,frp,daynight,type\n"
    )
    rows = [
        f"{dice.uniform(46, 51):.4f},{dice.uniform(24, 38):.4f},"
        f"{dice.uniform(300, 360):.1f},1.1,1.0,2026-01-06,{number % 1440:04d},Terra,"
        f"MODIS,{dice.randrange(100)},61.03,{dice.uniform(270, 300):.1f},"
        f"{dice.uniform(3, 90):.1f},D,0\n"
        for number in range(count)
    ]
    return (head + "".join(rows)).encode()


def batches(folder: Path) -> tuple[float, float]:
    """Observations and megabytes a second in signed deliveries."""
    dice = random.Random(SEED)
    count, each = 4, 40
    writer = new_record(folder, count)
    origin, files = writer.record.origin, []
    for id_ in clients_of(count):
        key = kept_key(folder, id_)
        own = []
        for _ in range(each):
            payload = delivery(firms_rows(dice, ROWS))
            statement = Unsealed(
                kind="delivery", by=id_, payload=payload, stated_at=now()
            )
            own.append(statement_file(sign_statement(origin, statement, key)))
        files.append(own)
    hand_in(writer, [own[:4] for own in files])
    spent = hand_in(writer, [own[4:] for own in files])
    writer.close()
    assert verify_record(folder).faults == ()
    size = sum(len(raw) for own in files for raw in own[4:])
    return count * (each - 4) * ROWS / spent, size / spent / 1e6


# To build a record of ten million statements that are all signed, two processes sign
# and this one seals. What is sealed so was signed a moment ago by a key kept here, and
# is not checked again: as with every statement of a maker whose key the folder keeps.
_signing: tuple[str, SecretKey] | None = None


def _begin_signing(origin: str, path: str) -> None:
    global _signing  # noqa: PLW0603 # the state of a worker process, set once
    _signing = (origin, SecretKey.loaded(Path(path)))


def _signed(first: int, count: int) -> list[tuple[bytes, bytes, bytes, bytes]]:
    assert _signing is not None
    origin, key = _signing
    made = []
    for number in range(first, first + count):
        statement = Unsealed(
            kind="delivery",
            by=OPERATOR,
            payload=delivery(b"row %d" % number),
            stated_at=EPOCH + timedelta(seconds=number),
        )
        handed = sign_statement(origin, statement, key)
        envelope = handed.envelope
        made.append((envelope.raw, envelope.header.commitment, *handed.salted))
    return made


def grow(writer: RecordWriter, size: int) -> None:
    """Seals signed statements until the record has so many."""
    template = sign_statement(
        writer.record.origin,
        Unsealed(kind="delivery", by=OPERATOR, payload=b"", stated_at=EPOCH),
        kept_key(writer.record.folder, OPERATOR),
    ).envelope
    for chunk in _chunks(writer, size):
        handed = [
            HandedIn(
                Envelope(
                    header=replace(template.header, commitment=commitment),
                    key=template.key,
                    signature=b"",
                    signed=b"",
                    raw=raw,
                ),
                SaltedPayload(salt, payload),
            )
            for raw, commitment, salt, payload in chunk
        ]
        writer._sealed(handed, is_checked=True)


def _chunks(
    writer: RecordWriter, size: int
) -> Iterator[list[tuple[bytes, bytes, bytes, bytes]]]:
    path = str(writer.record.folder / "keys" / f"{OPERATOR}.key")
    cores = os.cpu_count() or 1
    arguments = (writer.record.origin, path)
    with ProcessPoolExecutor(
        cores, initializer=_begin_signing, initargs=arguments
    ) as pool:
        pending: list[Future[list[tuple[bytes, bytes, bytes, bytes]]]] = []
        firsts = iter(range(writer.record.size, size, _CHUNK))
        for first in firsts:
            pending.append(pool.submit(_signed, first, min(_CHUNK, size - first)))
            if len(pending) > 3 * cores:
                yield pending.pop(0).result()
        for one in pending:
            yield one.result()


def timed(calls: int, call: Callable[[], object]) -> list[float]:
    """Microseconds of each call, rising."""
    spent = []
    for _ in range(calls):
        started = time.perf_counter()
        call()
        spent.append((time.perf_counter() - started) * 1e6)
    return sorted(spent)


def appends(writer: RecordWriter) -> list[float]:
    """Microseconds of single durable appends by one client."""
    key = kept_key(writer.record.folder, OPERATOR)
    files = iter(
        [
            statement_file(
                sign_statement(
                    writer.record.origin,
                    Unsealed(
                        kind="delivery",
                        by=OPERATOR,
                        payload=delivery(b"single"),
                        stated_at=now(),
                    ),
                    key,
                )
            )
            for _ in range(600)
        ]
    )
    return timed(600, lambda: writer.take([statement_from_file(next(files))]))


def proofs(folder: Path) -> tuple[list[float], list[float]]:
    """Microseconds of proofs of random statements, and of the same ones again."""
    record, dice = Record.opened(folder), random.Random(SEED)
    for _ in range(200):
        record.proof(StatementIndex(dice.randrange(record.size)))
    asked = [StatementIndex(dice.randrange(record.size)) for _ in range(3_000)]
    first, again = iter(asked), iter(asked)
    return (
        timed(len(asked), lambda: record.proof(next(first))),
        timed(len(asked), lambda: record.proof(next(again))),
    )


def independent_seconds(folder: Path) -> float:
    """Seconds that the independent verifier takes in a process of its own."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "truce_verify", str(folder), "--expect", "study"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return time.perf_counter() - started


def grown(folder: Path, largest: int) -> dict[str, Any]:
    """The figures of one record at each size up to the largest."""
    figures: dict[str, Any] = {
        name: {}
        for name in (
            "append_us",
            "append_p99_us",
            "proof_us",
            "proof_again_us",
            "open_s",
        )
    }
    new_record(folder, 1).close()
    started = time.perf_counter()
    for name, size in SIZES.items():
        if size > largest:
            break
        say(f"growing to {name}")
        opened = time.perf_counter()
        writer = RecordWriter.opened(folder, clock=now)
        figures["open_s"][name] = round(time.perf_counter() - opened, 2)
        grow(writer, size)
        spent = appends(writer)
        writer.close()
        figures["append_us"][name] = round(statistics.median(spent))
        figures["append_p99_us"][name] = round(spent[len(spent) * 99 // 100])
        spent, again = proofs(folder)
        figures["proof_again_us"][name] = round(statistics.median(again))
        figures["proof_us"][name] = round(statistics.median(spent))
        figures["proof_p99_ms"] = round(spent[len(spent) * 99 // 100] / 1e3, 2)
        if name == "1e6":
            say("verifying 1e6")
            began = time.perf_counter()
            assert verify_record(folder).faults == ()
            figures["verify_1e6_s"] = round(time.perf_counter() - began, 1)
            figures["independent_verify_1e6_s"] = round(independent_seconds(folder), 1)
    figures["build_s"] = round(time.perf_counter() - started)
    for name in ("append", "proof", "proof_again"):
        medians = figures[f"{name}_us"].values()
        if medians:
            figures[f"{name}_flatness"] = round(max(medians) / min(medians), 2)
    return figures


def measured(scratch: Path, largest: int) -> dict[str, Any]:
    """All figures."""
    say("limits")
    limit, cores = verify_limit(1), verify_limit(os.cpu_count() or 1)
    say("64 clients")
    rate = statistics.median(single(scratch / f"single-{n}") for n in range(3))
    say("batches")
    observations, megabytes = batches(scratch / "batches")
    figures = {
        "single_per_s": round(rate),
        "verify_limit_per_s": round(limit),
        "share_of_limit": round(rate / limit, 3),
        "verify_limit_cores_per_s": round(cores),
        "batch_observations_per_s": round(observations),
        "batch_mb_per_s": round(megabytes, 1),
        **grown(scratch / "grown", largest),
    }
    figures["rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    files = (path for path in (scratch / "grown").rglob("*") if path.is_file())
    figures["record_gb"] = round(sum(path.stat().st_size for path in files) / 1e9, 2)
    return figures


def main() -> int:
    """Parses, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--largest", type=float, default=1e7)
    parser.add_argument("--folder", type=Path, help="where to build; removed after")
    asked = parser.parse_args()
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix="truce-bench-", dir=asked.folder))
    try:
        figures = measured(scratch, int(asked.largest))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if asked.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:26} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
