"""python -m truce_verify TARGET: says what a copy, a proof or a package is worth.

1. The first line is the kind of record: REAL, EXERCISE or STUDY; else UNKNOWN.
2. Then sentences; with --json one object, whose first key is `kind`.
3. The exit code: 0 it holds and is of the kind expected (a split view: the log's key
   did sign two histories); 1 it does not or is not; 2 no such target, or false usage;
   3 a disk or server failed, trying again is safe.
"""

import argparse
import json
import sys
from http.client import HTTPException
from pathlib import Path

from truce_verify import Report, Wrong, log, must, notes, proofs

__all__ = ["assess", "main", "text_of"]


def main(arguments: list[str] | None = None) -> int:
    """Checks one target and answers the exit code."""
    parser = argparse.ArgumentParser("truce_verify", description="Checks a record.")
    parser.add_argument("target", help="folder, address, proof, bulletin or split view")
    kinds = ("real", "exercise", "study")
    parser.add_argument("--expect", choices=kinds, default="real", help="the kind")
    parser.add_argument("--key", help="the log's key as a vkey")
    parser.add_argument("--policy", help="file of the witnesses you ask for")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    report = Report(options.target, options.expect)
    try:
        name, key = notes.key_from_vkey(options.key) if options.key else ("", None)
        told = options.policy and Path(options.policy).read_text(encoding="utf-8")
        trust = notes.policy_from_text(told or "quorum none", key)
    except (Wrong, OSError, ValueError) as error:
        parser.error(str(error))
    try:
        with report.noting(report.target):
            if not assess(report, trust):
                parser.error(f"{report.target}: no record, proof or package is there")
    except (OSError, HTTPException) as error:
        sys.stderr.write(f"truce_verify: {error}; nothing is known, try again\n")
        return 3
    kind = report.origin.split("/")[1] if report.origin else "unknown"
    with report.noting(report.target):
        must(kind == report.expected, "proof-kind", f"{kind}, not {report.expected}")
        must(name in {"", report.origin}, "unknown-key", f"your key is of {name}")
    told = {"kind": kind, "holds": not report.faults, **vars(report)}
    sys.stdout.write(f"{json.dumps(told)}\n" if options.json else text_of(report, kind))
    return 1 if report.faults else 0


def assess(report: Report, trust: notes.Trust) -> bool:
    """Finds out what the target is and checks it; answers whether it is anything."""
    base, path = report.target.rstrip("/"), Path(report.target)
    proof = path if path.suffix == ".tlog-proof" else Path(f"{path}.tlog-proof")
    if (path / proofs.METADATA).is_file():
        report.what = "package"
        proofs.assess_package(path, report, trust)
    elif prefix := [x for x in ("log/", "") if log.read_file(base, f"{x}checkpoint")]:
        log.LogCheck(base, prefix[0], report).run(trust)
    elif path.suffix == ".split-view" and path.is_file():
        report.what = "split-view"
        proofs.verify_split_view(path.read_bytes(), trust, report)
        return True
    elif proof.is_file():
        report.what = "proof"
        report.statements = proofs.verify_proof(proof, report, trust)[1]
    else:
        return False
    is_seen = report.witnessed is not None or not trust.rule
    must(is_seen, "proof-witnesses", "nothing satisfies the policy you gave")
    return True


def text_of(report: Report, kind: str) -> str:
    """(1, 2) The report for people."""
    seen = "not yet" if report.witnessed is None else f"up to {report.witnessed}"
    lines = [kind.upper(), f"{report.what} {report.target}, {report.origin}"]
    lines += [f"Statements: {report.statements}; not in this copy: {report.not_here}."]
    lines += [f"Witnessed: {seen}.", *report.remarks]
    lines += ["{where}: {reason} [{code}]".format(**fault) for fault in report.faults]
    lines += ["It holds." if not report.faults else "It does NOT hold."]
    # Names come from whoever made the copy: they must not write lines of their own.
    clean = ["".join(x if x.isprintable() else "?" for x in line) for line in lines]
    return "\n".join([*clean, ""])


if __name__ == "__main__":
    sys.exit(main())
