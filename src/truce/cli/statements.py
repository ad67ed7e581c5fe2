"""truce sign, seal and enrol: statements by makers who keep their own keys."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from truce.app import open_writer, wall_clock
from truce.canonical import Json
from truce.cli._output import answer, errors_as_codes, progress
from truce.cli.record import AsJson, Folder
from truce.errors import InvalidInput, InvalidValue
from truce.identifiers import FeedName, ParticipantId
from truce.observations.read import FEEDS
from truce.record import Role, Unsealed, sign_statement, statement_file
from truce.record.envelope import PAYLOAD_SIZE_MAX
from truce.record.keys import PublicKey, SecretKey
from truce.statements import Delivery
from truce.workflows.intake.seal_delivery import bytes_of_file
from truce.workflows.intake.take_statements import TakenIn, take_statements


def enrol(
    folder: Folder,
    id_: Annotated[str, typer.Argument(metavar="ID", help="E.g. patrol-7.")],
    name: Annotated[str, typer.Option(help="What people call it.")],
    role: Annotated[list[Role], typer.Option(help="What it may state; repeatable.")],
    public_key: Annotated[
        str,
        typer.Option(help="64 hexadecimal digits; else a key is made and kept here."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Enrols a participant, so that it may state things."""
    with errors_as_codes(), open_writer(folder) as (writer, _):
        key = _public_key(public_key) if public_key else None
        made = writer.enrol(ParticipantId(id_), name, tuple(role), key=key)
    answer(
        {"id": made.id, "key": made.key.id, "roles": [*made.roles]},
        as_json=as_json,
        text=f"{made.id} is enrolled with key {made.key.id}: {', '.join(made.roles)}",
    )


def sign(
    file: Annotated[Path, typer.Argument(help="The file to deliver.")],
    out: Annotated[Path, typer.Argument(help="The statement file to write.")],
    feed: Annotated[str, typer.Option(help=f"One of {', '.join(sorted(FEEDS))}.")],
    by: Annotated[str, typer.Option(help="Your id in the record.")],
    key: Annotated[Path, typer.Option(help="Your key file; made if it is not there.")],
    origin: Annotated[str, typer.Option(help="The record's origin line.")],
    as_json: AsJson = False,
) -> None:
    """Signs a delivery as a statement file, to be handed in with truce seal."""
    with errors_as_codes():
        if FeedName(feed) not in FEEDS:
            known = ", ".join(sorted(FEEDS))
            raise InvalidInput(f"feed {feed!r} is not known, expected one of {known}")
        if out.exists():
            raise InvalidInput(f"{out} is there already; name a new file")
        raw, now = bytes_of_file(file), wall_clock()
        delivery = Delivery(
            feed=FeedName(feed), file_name=file.name, received_at=now, raw=raw
        )
        statement = Unsealed(
            kind="delivery",
            by=ParticipantId(by),
            payload=delivery.payload(),
            stated_at=now,
        )
        if not key.exists():
            SecretKey.made().keep(key)
        secret = SecretKey.loaded(key)
        out.write_bytes(statement_file(sign_statement(origin, statement, secret)))
    public = secret.public.raw.hex()
    answer(
        {"file": str(out), "public_key": public},
        as_json=as_json,
        text=f"{out} is signed by {by} with the public key {public}",
    )


def seal(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(help="Statement files.")],
    as_json: AsJson = False,
) -> None:
    """Seals statements that their makers signed; what is refused is named by a code."""
    with errors_as_codes(), open_writer(folder) as (writer, opened):
        size_max = PAYLOAD_SIZE_MAX + 2 * 65_536
        named = [(str(one), bytes_of_file(one, size_max=size_max)) for one in files]
        taken = take_statements(writer, named)
        with progress("reading") as on_progress:
            opened.follow(on_progress=on_progress)
    refused = Counter(str(t.refusal.code) for t in taken if t.refusal is not None)
    rows: list[dict[str, Json]] = [
        {
            "file": one.name,
            "statement": one.index,
            "code": None if one.refusal is None else str(one.refusal.code),
            "reason": None if one.refusal is None else str(one.refusal),
        }
        for one in taken
    ]
    answer(
        {"statements": rows, "refused": dict(sorted(refused.items()))},
        as_json=as_json,
        text="\n".join(map(_line, taken)),
    )
    raise typer.Exit(2 if refused else 0)


def _line(taken: TakenIn) -> str:
    if taken.refusal is not None:
        return f"{taken.name}: refused, {taken.refusal}"
    return f"{taken.name}: sealed as statement {taken.index}"


def _public_key(text: str) -> PublicKey:
    try:
        return PublicKey(raw=bytes.fromhex(text))
    except ValueError as error:
        raise InvalidValue(
            f"public key {text[:80]!r}: expected 64 hexadecimal digits, as truce sign "
            "prints them"
        ) from error


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    for command in (enrol, sign, seal):
        app.command()(command)


__all__ = ["add_to"]
