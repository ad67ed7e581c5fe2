"""The command line as its users meet it: right input, wrong input, exit codes."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from truce.cli import app

HEADER = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight"
)
GOOD = (
    "48.5012,37.9123,322.9,1.12,1.05,2022-06-01,0824,Terra,MODIS,46,6.1NRT,302.7,9.1,D"
)
SWAPPED = GOOD.replace("48.5012,37.9123", "37.9123,48.5012")
FUTURE = GOOD.replace("2022-06-01", "2099-06-01")


def call(*words: str | Path) -> tuple[int, str]:
    """The exit code and what was printed."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def call_json(*words: str | Path) -> Any:
    """What a command answers with --json; it must succeed."""
    code, output = call(*words, "--json")
    assert code == 0, output
    return json.loads(output)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    """A new study record of Ukraine's land."""
    folder = tmp_path / "a-study"
    assert call_json("init", folder, "--kind", "study")["statements"] == 6
    return folder


def test_a_delivery_is_sealed_read_and_counted(record: Path, tmp_path: Path) -> None:
    """Of four rows two are good, one repeats, and bad ones are named by line."""
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([HEADER, GOOD, GOOD, SWAPPED, FUTURE, ""]))
    (counts,) = call_json("ingest", record, path, "--feed", "firms")["deliveries"]
    assert (counts["read"], counts["accepted"]) == (4, 1)
    assert (counts["quarantined"], counts["duplicates"]) == (2, 1)
    reasons = {row["line"]: row["reason"] for row in counts["reasons"]}
    assert "look swapped" in reasons[4]
    assert "date in the future" in reasons[5]
    (again,) = call_json("ingest", record, path, "--feed", "firms")["deliveries"]
    assert (again["accepted"], again["duplicates"], again["quarantined"]) == (0, 2, 2)
    assert len(call_json("incidents", record)["incidents"]) == 1
    assert call("verify", record)[0] == 0


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (gzip.compress(f"{HEADER}\n{GOOD}\n".encode() * 400)[:-40], "gzip"),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16"), "UTF-8"),
        (b'{"type": "FeatureCollection", "features": []}', "looks like JSON"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", ""),
        (b"\x00" * 4096, ""),
        (f"{HEADER}\n".encode() + b"x" * 3_000_000, ""),
    ],
    ids=["truncated-gzip", "utf-16", "json", "pdf", "nul", "overlong-line"],
)
def test_bad_deliveries_stay_sealed_and_change_nothing(
    record: Path, tmp_path: Path, raw: bytes, reason: str
) -> None:
    """Whatever is handed in is sealed and counted, and no incident comes of it."""
    path = tmp_path / "bad.csv"
    path.write_bytes(raw)
    before = call_json("incidents", record)["incidents"]
    (counts,) = call_json("ingest", record, path, "--feed", "firms")["deliveries"]
    assert counts["accepted"] == 0
    assert counts["quarantined"] == counts["read"] >= 1
    assert any(reason in row["reason"] for row in counts["reasons"])
    assert call_json("incidents", record)["incidents"] == before == []
    assert call("verify", record)[0] == 0


def test_delivery_over_the_limit_is_refused_before_sealing(
    record: Path, tmp_path: Path
) -> None:
    """A file too large to be read must not fill the record for ever."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(5 * 1024**3)
    code, output = call("ingest", record, path, "--feed", "firms")
    assert code == 2
    assert "nothing was sealed" in output
    assert call_json("verify", record)["statements"] == 6


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ingest", "RECORD", "FILE", "--feed", "rumours"), "not known"),
        (("ingest", "RECORD", "FILE", "--feed", "firms", "--by", "eve"), "eve"),
        (("ingest", "RECORD", "nowhere.csv", "--feed", "firms"), "is no file"),
        (("ingest", "NOWHERE", "FILE", "--feed", "firms"), "holds no record"),
        (("init", "RECORD", "--kind", "study"), "is not empty"),
        (("init", "NEW", "--kind", "study", "--name", "No Good"), "lower-case"),
        (("incidents", "RECORD", "--as-of", "yesterday"), "ISO 8601"),
        (("incidents", "RECORD", "--as-of", "2022-01-01T00:00:00"), "no zone"),
        (("incidents", "RECORD", "--as-of", "0001-01-01T00:00:00+14:00"), "outside"),
        (("incidents", "RECORD", "--as-of", "9" * 20), "the record holds 1 to"),
        (("incidents", "RECORD", "--as-of", "9" * 5000), "the record holds 1 to"),
        (("serve", "RECORD", "--port", "99999"), "port"),
        (("report", "daily", "RECORD", "--day", "soon"), "--day"),
        (("report", "daily", "RECORD", "--day", "2999-01-01"), "yet to come"),
        (("replay", "corridors", "--data", "NEW"), "lacks"),
        (("verify", "NOWHERE"), "no record"),
    ],
)
def test_wrong_input_ends_with_two_and_says_what_to_do(
    record: Path, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    """Each mistake a person makes gets a sentence and exit code 2, never a trace."""
    file = tmp_path / "rows.csv"
    file.write_text(f"{HEADER}\n{GOOD}\n")
    places = {
        "RECORD": record,
        "FILE": file,
        "NOWHERE": tmp_path / "nowhere",
        "NEW": tmp_path / "new",
    }
    code, output = call(*(places.get(word, word) for word in words))
    assert code == 2, output
    assert message in output


@pytest.mark.parametrize(
    "words",
    [
        ("verify", "LONG"),
        ("rebuild", "LONG"),
        ("digest", "RECORD", "--state", "RECORD"),
        ("report", "daily", "RECORD", "--day", "2022-06-01", "--out", "FILE"),
    ],
)
def test_what_the_system_refuses_ends_with_three_and_names_it(
    record: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A name too long, a folder for a file: the world's failure, never a trace."""
    file = tmp_path / "rows.csv"
    file.write_text(HEADER)
    places = {"RECORD": record, "FILE": file, "LONG": tmp_path / ("a" * 300)}
    code, output = call(*(places.get(word, word) for word in words))
    assert code == 3, output
    assert output.strip().startswith("truce: ")


def test_as_known_then_and_as_known_now(record: Path, tmp_path: Path) -> None:
    """An answer as of a count shows what was known then, whatever came later."""
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(f"{HEADER}\n{GOOD}\n")
    far = GOOD.replace("48.5012,37.9123", "50.4501,30.5234")
    second.write_text(f"{HEADER}\n{far}\n")
    call_json("ingest", record, first, "--feed", "firms")
    then = call_json("incidents", record)["incidents"]
    call_json("ingest", record, second, "--feed", "firms")
    assert len(call_json("incidents", record)["incidents"]) == 2
    assert call_json("incidents", record, "--as-of", "7")["incidents"] == then
    assert call_json("incidents", record, "--as-of", "6")["incidents"] == []


def test_digests_are_stable_and_rebuild_gives_the_same(
    record: Path, tmp_path: Path
) -> None:
    """The state made again from the record has the digest it had."""
    path = tmp_path / "rows.csv"
    path.write_text(f"{HEADER}\n{GOOD}\n")
    call_json("ingest", record, path, "--feed", "firms")
    digest = call_json("digest", record)["state"]
    assert call_json("rebuild", record)["state"] == digest
    assert call_json("digest", record)["state"] == digest
    assert call_json("digest", record, "--picture")["picture"] != digest
