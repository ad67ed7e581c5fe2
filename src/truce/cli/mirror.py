"""truce mirror, serve-log: keeping a full copy of a record, and showing its files."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer

from truce.app.mirroring import Mirror, mirror_opened, serving_log
from truce.canonical import Json
from truce.cli._output import ERRORS, answer, errors_as_codes, progress
from truce.cli.record import AsJson, Folder
from truce.errors import InvalidInput, Unavailable
from truce.record.note import VerifierKey, verifier_key_from_text
from truce.workflows.mirroring.model import Mirrored, Standing, Terms

_LOOPBACK: Final = "127.0.0.1"
# How long a mirror that serves waits between two looks, where nobody said.
_EVERY_S: Final = 60.0


def mirror(
    source: Annotated[str, typer.Argument(help="A record's address, or a folder.")],
    folder: Annotated[Path, typer.Argument(help="Where the copy is kept.")],
    key: Annotated[
        str, typer.Option(help="The log's key, as truce witness log-key prints it.")
    ] = "",
    without_payloads: Annotated[
        bool, typer.Option("--without-payloads", help="The log, and who may state.")
    ] = False,
    fill: Annotated[
        bool, typer.Option("--fill", help="Ask again for payloads that are not here.")
    ] = False,
    require_witnesses: Annotated[
        bool,
        typer.Option("--require-witnesses", help="Take over only what is witnessed."),
    ] = False,
    every: Annotated[
        float, typer.Option(min=0.0, help="Follow, with so many seconds in between.")
    ] = 0.0,
    serve: Annotated[
        str, typer.Option(help="[HOST:]PORT: follow, and serve the copy.")
    ] = "",
    serve_payloads: Annotated[
        bool, typer.Option("--serve-payloads", help="On this machine only.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Keeps a full copy of a record, everything in it checked; goes on where it was."""
    with errors_as_codes(), ExitStack() as stack:
        terms = _terms(key, without_payloads, fill, require_witnesses)
        host, port = _host_and_port(serve)
        kept = stack.enter_context(mirror_opened(source, folder))
        if serve:
            address = stack.enter_context(
                serving_log(
                    folder,
                    host=host,
                    port=port,
                    has_payloads=serve_payloads,
                    may_be_empty=True,
                )
            )
            ERRORS.print(f"{folder} on {address} (stop with Ctrl-C)", markup=False)
        is_following = bool(every or serve)
        while True:
            _look(kept, terms, as_json=as_json, is_following=is_following)
            if not is_following:
                return
            time.sleep(every or _EVERY_S)


def serve_log(
    folder: Folder,
    host: Annotated[str, typer.Option(help="Loopback unless told otherwise.")] = (
        _LOOPBACK
    ),
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any free one.")] = 0,
    with_payloads: Annotated[
        bool, typer.Option("--with-payloads", help="On this machine only.")
    ] = False,
) -> None:
    """Serves the files of a record or a mirror, read-only, until it is stopped."""
    with (
        errors_as_codes(),
        serving_log(
            folder, host=host, port=port, has_payloads=with_payloads
        ) as address,
    ):
        ERRORS.print(f"{folder} on {address} (stop with Ctrl-C)", markup=False)
        while True:
            time.sleep(1.0)


def _look(kept: Mirror, terms: Terms, *, as_json: bool, is_following: bool) -> None:
    """Looks once and tells; ends the command where the answer is no."""
    try:
        with progress("mirroring") as on_progress:
            found, evidence = kept.look(terms, on_progress=on_progress)
    except Unavailable as error:
        if not is_following or not error.is_retry_safe:
            raise
        ERRORS.print(f"truce: {error}; trying again later", markup=False)
        return
    if found.is_key_trusted and found.standing.is_fine:
        ERRORS.print(
            "ATTENTION: nobody but the source itself vouched for the log's key. "
            "Compare this line with the operator, by another way:\n"
            f"  {found.key.text()}",
            style="bold yellow",
            markup=False,
        )
    is_news = found.standing is not Standing.UNCHANGED or bool(found.filled)
    if is_news or not is_following:
        text = _text(found, evidence)
        answer(_json(found, evidence), as_json=as_json, text=text)
    if not found.standing.is_fine and not (
        is_following and found.standing is Standing.NOT_WITNESSED
    ):
        raise typer.Exit(1)


def _terms(
    key: str, without_payloads: bool, fill: bool, require_witnesses: bool
) -> Terms:
    if without_payloads and fill:
        raise InvalidInput("--fill asks for payloads, --without-payloads for none")
    known: VerifierKey | None = verifier_key_from_text(key) if key else None
    return Terms(
        key=known,
        takes_payloads=not without_payloads,
        fills_gaps=fill,
        requires_witnesses=require_witnesses,
    )


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if text and (not port.isascii() or not port.isdigit() or int(port) > 65_535):
        raise InvalidInput(f"--serve {text!r}: expected [HOST:]PORT, e.g. 8091")
    return host or _LOOPBACK, int(port or 0)


def _json(found: Mirrored, evidence: Path | None) -> dict[str, Json]:
    return {
        "origin": found.key.name,
        "standing": found.standing.value,
        "statements": found.size,
        "taken": found.size - found.size_before,
        "vkey": found.key.text(),
        "key_trusted_on_first_use": found.is_key_trusted,
        "payloads": {
            "not_served": found.not_served,
            "reasons": [*found.not_served_reasons],
            "left_out": found.left_out,
            "filled": found.filled,
        },
        "witnessed": found.witnessed_size,
        "timestamps": found.timestamps,
        "split_view": str(evidence) if evidence else None,
        "notes": [*found.notes],
    }


def _text(found: Mirrored, evidence: Path | None) -> str:
    told = {
        Standing.GREW: f"{found.size - found.size_before} statements taken over",
        Standing.UNCHANGED: "nothing new",
        Standing.SHRANK: "the source shows less than before; the copy stays as it was",
        Standing.SPLIT: "the log's key signed two histories; the copy stays as it was",
        Standing.NOT_WITNESSED: "nothing is witnessed yet; nothing was taken over",
    }[found.standing]
    lines = [f"{found.key.name}: {told}, {found.size} in all"]
    if found.not_served:
        reasons = "; ".join(found.not_served_reasons)
        lines.append(
            f"payloads: {found.not_served} not served"
            + (f" ({reasons})" if reasons else "")
        )
    if found.left_out:
        lines.append(f"payloads: {found.left_out} left out, as told")
    if found.filled:
        lines.append(f"payloads: {found.filled} filled in")
    if found.witnessed_size is not None:
        lines.append(f"witnessed up to {found.witnessed_size} statements")
    if found.timestamps:
        lines.append(f"timestamps: {found.timestamps} taken over")
    lines += found.notes
    if evidence is not None:
        lines.append(f"the proof is in {evidence}; give it to everybody")
    return "\n".join(lines)


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.command()(mirror)
    app.command("serve-log")(serve_log)


__all__ = ["add_to"]
