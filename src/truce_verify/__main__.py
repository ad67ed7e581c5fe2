"""python -m truce_verify TARGET: says what a copy, a proof or a package is worth.

1. The first line is the kind of record: REAL, EXERCISE or STUDY; else UNKNOWN.
2. Then sentences; with --json one object, whose first key is `kind`.
3. The exit code: 0 it holds and is of the kind expected; 1 it does not or is not; 2 no
   such target, or false usage; 3 a disk or server failed, trying again is safe.
   Of a split view, 0 says that it proves what it says: the log's key signed two
   histories.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from http.client import HTTPException
from pathlib import Path

from cryptography import x509

from truce_verify import Report, Wrong, log, notes, package, proofs


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks one target and answers the exit code."""
    parser = argparse.ArgumentParser("truce_verify", description="Checks a record.")
    parser.add_argument("target", help="folder, address, proof, bulletin or split view")
    kinds = ("real", "exercise", "study")
    parser.add_argument("--expect", choices=kinds, default="real", help="the kind")
    parser.add_argument("--key", help="the log's key as a vkey")
    parser.add_argument("--policy", help="file of the witnesses you ask for")
    parser.add_argument("--tsa-roots", help="PEM file of authorities that you trust")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    report = Report(target=options.target, expected=options.expect)
    try:
        roots = options.tsa_roots and Path(options.tsa_roots).read_bytes()
        trust = notes.Trust(
            options.key and notes.vkey_from_text(options.key, notes.LOG),
            options.policy and notes.policy_from_text(Path(options.policy).read_text()),
            tuple(x509.load_pem_x509_certificates(roots)) if roots else (),
        )
    except (Wrong, OSError, ValueError) as error:
        parser.error(str(error))
    try:
        with report.noting(options.target):
            if not assess(report, trust):
                parser.error(f"{options.target}: no record, proof or package is there")
    except (OSError, HTTPException) as error:
        sys.stderr.write(f"truce_verify: {error}; nothing is known, try again\n")
        return 3
    with report.noting(options.target):
        if kind_of(report) != report.expected:
            reason = f"it is of kind {kind_of(report)}, expected {report.expected}"
            raise Wrong("proof-kind", reason)
    holds = not report.fault_count
    told = {"kind": kind_of(report), "holds": holds, **asdict(report)}
    told["origin"] = None if report.origin == notes.UNKNOWN else report.origin
    sys.stdout.write(json.dumps(told) + "\n" if options.json else text_of(report))
    return 0 if holds else 1


def kind_of(report: Report) -> str:
    """The kind that the origin names."""
    return report.origin.split("/")[1]


def assess(report: Report, trust: notes.Trust) -> bool:
    """Finds out what the target is and checks it; answers whether it is anything."""
    path, source = Path(report.target), log.Source(report.target)
    beside = log.Source(str(path.parent))
    proof = path if path.suffix == ".tlog-proof" else Path(f"{path}.tlog-proof")
    if source.read("log/checkpoint", log.SMALL_MAX) is not None:
        log.LogCheck(source, "log/", report, trust).run()
    elif source.read("checkpoint", log.SMALL_MAX) is not None:
        report.remarks.append("Payloads are not in this copy: it is a bare log.")
        log.LogCheck(source, "", report, trust).run()
    elif (path / "ro-crate-metadata.json").is_file():
        report.what = "package"
        package.assess_package(path, report, trust)
    elif path.suffix == ".split-view" and path.is_file():
        report.what = "split-view"
        raw = beside.read(path.name, log.SMALL_MAX) or b""
        proofs.verify_split_view(raw, trust, report)
    elif proof.is_file():
        report.what = "proof"
        _, found = package.assess_proof(beside, proof.name, report, trust)
        report.statements = found.size
    else:
        return False
    return True


def text_of(report: Report) -> str:
    """(1, 2) The report for people."""
    lines = [kind_of(report).upper(), f"{report.what} {report.target}, {report.origin}"]
    lines += [f"It speaks of {report.statements} statements."]
    if report.not_here:
        lines += [f"{report.not_here} payloads are not in this copy."]
    if report.what in {"log", "proof"}:
        known = f"Witnessed up to statement {report.witnessed}, exclusive."
        lines += ["Not witnessed yet." if report.witnessed is None else known]
    for stamp in report.timestamps:
        told = "anchored" if stamp["anchored"] else "not anchored: no roots given"
        lines += [f"Size {stamp['size']} existed at {stamp['time']} ({told})."]
    lines += report.remarks
    lines += ["{where}: {reason} [{code}]".format(**fault) for fault in report.faults]
    is_split = report.what == "split-view"
    holds = "It holds: the log's key signed two histories." if is_split else "It holds."
    false = f"It does NOT hold; faults: {report.fault_count}."
    lines += [false if report.fault_count else holds]
    # Names come from whoever made the copy: they must not write lines of their own.
    clean = ["".join(x if x.isprintable() else "?" for x in line) for line in lines]
    return "\n".join(clean) + "\n"


if __name__ == "__main__":
    sys.exit(main())

__all__ = ["assess", "kind_of", "main", "text_of"]
