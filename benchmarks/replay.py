"""Every row of the six real feeds, from raw files to a reconciled daily report.

    ./dev bench replay --json [--data FOLDER]

Keys: `rows` read (accepted, quarantined and duplicates together, all feeds), `seconds`
of wall clock from opening the first file to the finished report, `rss_mb` the process's
largest resident memory, `incidents` formed; also `accepted`, `quarantined`,
`duplicates`, `agreements`, `findings`, `report_bytes`, and `stages` with the seconds of
each stage.

The files are real and not ours to ship: they are looked for in ../shared/data beside
the checkout, or in TRUCE_SHARED.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from truce.app import (
    attached,
    gate_of,
    sealed_study,
    wall_clock,
)
from truce.release import Reader
from truce.reporting import render_html, report_json
from truce.sources import files_of
from truce.workflows.reporting.daily import make_daily_report
from truce.workflows.study.replay_corridors import adopt_corridors

BESIDE = Path(__file__).resolve().parents[2] / "shared"


def replay(data: Path, folder: Path) -> dict[str, object]:
    """Runs the chain once and answers the figures."""
    started = time.monotonic()
    stages: dict[str, float] = {}

    def done(stage: str) -> None:
        stages[stage] = round(time.monotonic() - started - sum(stages.values()), 2)

    writer = sealed_study(folder, "replay", files_of(data))
    done("seal")
    with attached(writer) as opened:
        done("read_and_fuse")
        agreements = adopt_corridors(writer, opened.store, clock=wall_clock)
        opened.follow()
        done("adopt")
        count = opened.store.count()
        findings = opened.source.findings_at(count, wall_clock())
        done("judge")
        now = wall_clock()
        zone = ZoneInfo(opened.source.time_zone)
        local = (now + timedelta(minutes=1)).astimezone(zone)
        report = make_daily_report(
            opened.source,
            day=local.date(),
            cut_off=local.time().replace(second=0, microsecond=0),
            reader=Reader.MECHANISM,
            now=now + timedelta(minutes=2),
            gate=gate_of(opened),
        )
        written = report_json(report), render_html(report, "en")
        done("report")
        lines = opened.store.deliveries(count)
        incidents = len(opened.source.incidents_at(count))
    writer.close()
    return {
        "rows": sum(line.rows_read for line in lines),
        "seconds": round(time.monotonic() - started, 2),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "incidents": incidents,
        "accepted": sum(line.accepted for line in lines),
        "quarantined": sum(line.quarantined for line in lines),
        "duplicates": sum(line.duplicates for line in lines),
        "agreements": agreements,
        "findings": len(findings),
        "report_bytes": sum(map(len, written)),
        "stages": stages,
    }


def main() -> int:
    """Parses, runs, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    beside = Path(os.environ.get("TRUCE_SHARED", BESIDE)) / "data"
    data = asked.data or beside
    if not data.is_dir():
        print(f"no real data in {data}; set TRUCE_SHARED", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        figures = replay(data, Path(scratch) / "study")
    if asked.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:14} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
