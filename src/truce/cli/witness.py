"""truce witness: being a witness of a log, asking some, and comparing them."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from truce.app.witnessing import (
    asked_witnesses,
    compared_histories,
    know_log,
    new_witness,
    serving_witness,
)
from truce.canonical import Json
from truce.cli._output import ERRORS, answer, errors_as_codes
from truce.cli.record import AsJson, Folder
from truce.errors import InvalidInput, Unavailable
from truce.instants import text_from_instant
from truce.record import Record
from truce.record.note import (
    VerifierKey,
    checkpoint_from_text,
    log_key,
    verifier_key_from_text,
)
from truce.record.policy import (
    PolicyWitness,
    policy_from_bytes,
    policy_text,
)
from truce.record.witnessing.split_view import verify_split_view
from truce.workflows.intake.seal_delivery import bytes_of_file
from truce.workflows.witnessing.ask import Asked, Asking, policy_of
from truce.workflows.witnessing.compare import Comparison, Standing

app = typer.Typer(
    help="Cosigning a log that only grows, so that nobody shows two histories.",
    no_args_is_help=True,
)
WitnessAt = Annotated[Path, typer.Argument(help="The witness's own folder.")]


@app.command()
def init(
    folder: WitnessAt,
    name: Annotated[
        str, typer.Option(help="E.g. an address without its scheme: example.org/north.")
    ],
    as_json: AsJson = False,
) -> None:
    """Makes a witness with a new key, and prints the key that others need."""
    with errors_as_codes():
        vkey = new_witness(folder, name).text()
    answer({"name": name, "vkey": vkey}, as_json=as_json, text=vkey)


@app.command("add-log")
def add_log(
    folder: WitnessAt,
    vkey: Annotated[str, typer.Argument(help="The log's key: truce witness log-key.")],
    url: Annotated[
        str, typer.Option(help="The log's prefix: a record's address and /log.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Lets a witness cosign a log; one that serves takes it up at once."""
    with errors_as_codes():
        key = verifier_key_from_text(vkey)
        know_log(folder, key, url)
    answer(
        {"origin": key.name, "url": url}, as_json=as_json, text=f"{key.name} is known"
    )


@app.command("log-key")
def print_log_key(folder: Folder, as_json: AsJson = False) -> None:
    """Prints the key of a record's log, as witnesses and policies need it."""
    with errors_as_codes():
        vkey = _key_of(Record.opened(folder)).text()
    answer({"vkey": vkey}, as_json=as_json, text=vkey)


@app.command()
def serve(
    folder: WitnessAt,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any free one.")] = 0,
    host: Annotated[str, typer.Option(help="Loopback unless told otherwise.")] = (
        "127.0.0.1"
    ),
    peer: Annotated[
        list[str] | None, typer.Option(help="The address of another witness.")
    ] = None,
    every: Annotated[
        float, typer.Option(min=1.0, help="Seconds between two rounds.")
    ] = 300.0,
) -> None:
    """Serves a witness until it is stopped, and compares it with its peers."""
    with (
        errors_as_codes(),
        serving_witness(
            folder,
            host=host,
            port=port,
            peers=peer or (),
            every_s=every,
            on_round=_tell,
            on_failure=lambda reason: ERRORS.print(f"round: {reason}", markup=False),
        ) as (address, _),
    ):
        ERRORS.print(f"witness on {address} (stop with Ctrl-C)")
        while True:
            time.sleep(1.0)


@app.command()
def ask(
    folder: Folder,
    policy: Annotated[
        Path | None, typer.Option(help="A policy instead of the founding's own.")
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option(help="NAME=URL: where a witness of the policy is."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Asks a record's witnesses to cosign it; ends with 1 where too few do."""
    with errors_as_codes():
        record = Record.opened(folder)
        rules = (
            policy_from_bytes(bytes_of_file(policy)) if policy else policy_of(record)
        )
        asking = asked_witnesses(record, rules, urls=_addresses(witness or ()))
        lines = [
            f"{row.name}: {row.outcome}" + (f": {row.reason}" if row.reason else "")
            for row in asking.asked
        ]
        told = "witnessed" if asking.witnessed.is_satisfied else "not witnessed"
        lines.append(f"{asking.size} statements {told} by {asking.rule}")
        answer(_asking_json(asking), as_json=as_json, text="\n".join(lines))
        _end_asking(asking)


@app.command()
def compare(
    log: Annotated[str, typer.Argument(help="A record's folder, or a log's prefix.")],
    witnesses: Annotated[list[str], typer.Argument(help="Their addresses.")],
    vkey: Annotated[
        str, typer.Option(help="The log's key, where it is at an address.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Where to write a split view, if one is found.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compares what witnesses were shown; ends with 1 unless it is one history."""
    with errors_as_codes():
        is_address = log.startswith(("http://", "https://"))
        if is_address and not vkey:
            raise InvalidInput("a log at an address: say whose it is with --vkey")
        key = (
            verifier_key_from_text(vkey) if vkey else _key_of(Record.opened(Path(log)))
        )
        found = compared_histories(key, witnesses, where=log)
        if found.is_split and out is not None:
            out.write_bytes(found.split_views[0].raw())
        answer(_comparison_json(found), as_json=as_json, text=_comparison_text(found))
        _end_comparing(found)


@app.command("verify-split")
def verify_split(
    file: Annotated[Path, typer.Argument(help="A .split-view file.")],
    vkey: Annotated[
        str, typer.Option(help="The log's key, where its origin does not name it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Checks that a split view proves two histories; ends with 1 where it does not."""
    with errors_as_codes():
        key = verifier_key_from_text(vkey) if vkey else None
        found = verify_split_view(bytes_of_file(file), log=key)
    notes = (found.first.text, found.second.text)
    first, second = (checkpoint_from_text(text).size for text in notes)
    answer(
        {"origin": found.log.name, "first": first, "second": second},
        as_json=as_json,
        text=f"the key of {found.log.name} signed two histories, seen at {first} and "
        f"{second} statements",
    )


@app.command("policy")
def print_policy(
    witnesses: Annotated[
        list[str] | None, typer.Argument(help="NAME=VKEY or NAME=VKEY=URL.")
    ] = None,
    quorum: Annotated[int, typer.Option(min=0, help="How many must cosign.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Prints a policy that asks for some number of these witnesses."""
    with errors_as_codes():
        rows = [_policy_witness(text) for text in witnesses or ()]
        text = policy_text(quorum, rows)
    answer({"policy": text}, as_json=as_json, text=text.removesuffix("\n"))


def _policy_witness(text: str) -> PolicyWitness:
    name, _, rest = text.partition("=")
    # A key's base64 has 44 digits and so no padding: the next = begins the address.
    vkey, _, url = rest.partition("=")
    return PolicyWitness(name=name, key=verifier_key_from_text(vkey), url=url)


def _addresses(texts: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, _, url in pairs:
        if not name or not url:
            raise InvalidInput(f"witness {name!r}: expected NAME=URL")
    return {name: url for name, _, url in pairs}


def _key_of(record: Record) -> VerifierKey:
    return log_key(record.origin, record.founding.log_key)


def _end_asking(asking: Asking) -> None:
    if asking.witnessed.is_satisfied:
        raise typer.Exit(0)
    if any(row.outcome is Asked.UNANSWERED for row in asking.asked):
        raise Unavailable("too few witnesses answered; try again", is_retry_safe=True)
    raise typer.Exit(1)


def _end_comparing(found: Comparison) -> None:
    standings = {row.standing for row in found.compared}
    if not found.is_one_history and standings <= {
        Standing.ONE_HISTORY,
        Standing.NOTHING_YET,
        Standing.UNANSWERED,
    }:
        raise Unavailable("not everybody answered; try again", is_retry_safe=True)
    raise typer.Exit(0 if found.is_one_history else 1)


def _asking_json(asking: Asking) -> Json:
    cosigned = asking.witnessed.cosigned_at
    return {
        "origin": asking.origin,
        "size": asking.size,
        "rule": asking.rule,
        "witnessed": asking.witnessed.is_satisfied,
        "kept": asking.is_kept,
        "witnesses": [
            {
                "name": row.name,
                "outcome": row.outcome.value,
                "reason": row.reason,
                "cosigned_at": text_from_instant(cosigned[row.name])
                if row.name in cosigned
                else None,
            }
            for row in asking.asked
        ],
    }


def _comparison_json(found: Comparison) -> Json:
    return {
        "origin": found.origin,
        "one_history": found.is_one_history,
        "split": found.is_split,
        "compared": [
            {
                "who": row.who,
                "standing": row.standing.value,
                "size": row.size,
                "reason": row.reason,
            }
            for row in found.compared
        ],
    }


def _comparison_text(found: Comparison) -> str:
    lines = [
        f"{row.who}: {row.standing}"
        + (f" at {row.size} statements" if row.size is not None else "")
        + (f": {row.reason}" if row.reason else "")
        for row in found.compared
    ]
    if found.is_split:
        lines.append(f"the key of {found.origin} signed two histories")
    elif found.is_one_history:
        lines.append(f"everybody was shown one history of {found.origin}")
    else:
        lines.append(f"{found.origin}: it was not shown to be one history")
    return "\n".join(lines)


def _tell(comparisons: Sequence[Comparison]) -> None:
    """Says on standard error what a round found, where it was not one history."""
    for found in comparisons:
        if not found.is_one_history:
            ERRORS.print(_comparison_text(found), markup=False)


__all__ = ["app"]
