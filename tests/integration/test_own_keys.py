"""A patrol with a key of its own: enrolled, signed on its laptop, handed in."""

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from truce.cli import app

REPORT = (
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,"
    "confidence,version,bright_t31,frp,daynight,type\n"
    "49.1000,36.2000,330.1,1.1,1.0,2026-01-06,0930,Terra,MODIS,80,61.03,290.1,20.5,D,0\n"
)


def run(*words: str | Path, code: int = 0) -> dict[str, Any]:
    """What a command answers as JSON, where it ends as expected."""
    done = CliRunner().invoke(app, [*map(str, words), "--json"])
    assert done.exit_code == code, done.output
    return dict(json.loads(done.stdout)) if done.stdout else {"error": done.stderr}


def signed(tmp_path: Path, origin: str, name: str, by: str = "patrol-7") -> Path:
    """A statement file that the patrol signed."""
    report = tmp_path / "report.csv"
    report.write_text(REPORT)
    out = tmp_path / name
    run(
        "sign", report, out, "--feed", "firms", "--by", by,
        "--key", tmp_path / "laptop" / "patrol.key", "--origin", origin,
    )  # fmt: skip
    return out


def test_a_patrol_states_with_its_own_key(tmp_path: Path) -> None:
    """Its key never enters the record's folder; what comes twice is refused."""
    record = tmp_path / "record"
    origin = run("init", record, "--kind", "study")["origin"]
    first = signed(tmp_path, origin, "first.statement")
    refused = run("seal", record, first, code=2)
    assert refused["refused"] == {"unknown-maker": 1}
    again = tmp_path / "key.statement"
    report = tmp_path / "report.csv"
    key = run(
        "sign", report, again, "--feed", "firms", "--by", "patrol-7",
        "--key", tmp_path / "laptop" / "patrol.key", "--origin", origin,
    )["public_key"]  # fmt: skip
    run(
        "enrol", record, "patrol-7", "--name", "Patrol 7", "--role", "contributor",
        "--public-key", key,
    )  # fmt: skip
    assert not (record / "keys" / "patrol-7.key").exists()
    told = run("seal", record, first, again, first, code=2)
    assert [row["code"] for row in told["statements"]] == [None, None, "replayed"]
    assert told["refused"] == {"replayed": 1}
    run("verify", record, "--expect", "study")


def test_what_may_not_be_stated_is_named(tmp_path: Path) -> None:
    """Another record's statement, a reporting officer who delivers, a torn file."""
    record = tmp_path / "record"
    origin = run("init", record, "--kind", "study")["origin"]
    other = signed(tmp_path, origin.replace("study", "real"), "other.statement")
    mine = signed(tmp_path, origin, "mine.statement")
    torn = tmp_path / "torn.statement"
    torn.write_bytes(mine.read_bytes()[:300])
    key = run(
        "sign", tmp_path / "report.csv", tmp_path / "k.statement", "--feed", "firms",
        "--by", "patrol-7", "--key", tmp_path / "laptop" / "patrol.key",
        "--origin", origin,
    )["public_key"]  # fmt: skip
    run(
        "enrol", record, "patrol-7", "--name", "Officer", "--role",
        "reporting-officer", "--public-key", key,
    )  # fmt: skip
    told = run("seal", record, other, mine, torn, code=2)
    assert told["refused"] == {
        "envelope-form": 1,
        "kind-refused": 1,
        "wrong-record": 1,
    }
    assert "needs contributor or intake" in told["statements"][1]["reason"]
    for words, says in (
        (("enrol", record, "patrol-8", "--name", "P", "--role", "contributor",
          "--public-key", "00" * 32), "no point of prime order"),
        (("enrol", record, "patrol-8", "--name", "P", "--role", "contributor",
          "--public-key", "abc"), "expected 64 hexadecimal digits"),
        (("sign", tmp_path / "report.csv", mine, "--feed", "firms", "--by", "p",
          "--key", tmp_path / "k", "--origin", origin), "is there already"),
        (("sign", tmp_path / "report.csv", tmp_path / "n", "--feed", "nobody", "--by",
          "p", "--key", tmp_path / "k", "--origin", origin), "is not known"),
        (("sign", tmp_path / "report.csv", tmp_path / "n", "--feed", "firms", "--by",
          "p", "--key", tmp_path / "k", "--origin", "elsewhere"), "expected small"),
    ):  # fmt: skip
        assert says in " ".join(run(*words, code=2)["error"].split())
