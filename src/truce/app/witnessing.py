"""A witness put together: its folder, its desk, its server and its rounds."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from truce.app.opened import wall_clock
from truce.errors import Unavailable
from truce.exchange.tlog_tiles import LogAtAddress
from truce.exchange.tlog_witness import (
    WitnessesOverHttp,
    listening,
    verify_address,
    witness_web,
)
from truce.record import Clock, Record
from truce.record.note import VerifierKey
from truce.record.policy import Policy
from truce.storage.witness_folder import (
    WitnessedCheckpoint,
    WitnessFolder,
    add_log,
)
from truce.workflows.witnessing.ask import Asking, ask_witnesses
from truce.workflows.witnessing.compare import Comparison, compare_histories
from truce.workflows.witnessing.cosign import Suspicion, WitnessDesk
from truce.workflows.witnessing.ports import KnownLog, ShownLog, WitnessLine
from truce.workflows.witnessing.rounds import make_round
from truce.workflows.witnessing.shown import LogInFolder

OnRound = Callable[[Sequence[Comparison]], None]


class Rounds:
    """A witness's rounds beside its server: every so often, and after a suspicion."""

    def __init__(
        self,
        memory: WitnessFolder,
        line: WitnessLine,
        *,
        peers: Sequence[str],
        every_s: float,
        on_round: OnRound,
        on_failure: Callable[[str], None],
    ) -> None:
        self._memory = memory
        self._line = line
        self._peers = tuple(peers)
        self._every_s = every_s
        self._on_round = on_round
        self._on_failure = on_failure
        # The newest of each log: a flood of refusals must not become a flood of rounds.
        self._suspicions: dict[str, Suspicion] = {}
        self._suspicions_lock = threading.Lock()
        self._wake = threading.Event()
        self._is_over = False
        self._thread = threading.Thread(target=self._run, daemon=True)

    def suspect(self, suspicion: Suspicion) -> None:
        """Makes the next round begin now, with this note compared as well."""
        with self._suspicions_lock:
            self._suspicions[suspicion.origin] = suspicion
        self._wake.set()

    def make(self) -> None:
        """Makes one round."""
        with self._suspicions_lock:
            suspicions = tuple(self._suspicions.values())
            self._suspicions.clear()
        self._on_round(
            make_round(
                self._memory, self._line, peers=self._peers, suspicions=suspicions
            )
        )

    def start(self) -> None:
        """Begins to make rounds, in a thread of their own."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the round that is being made."""
        self._is_over = True
        self._wake.set()
        self._thread.join(timeout=10.0)

    def _run(self) -> None:
        while True:
            self._wake.wait(self._every_s)
            self._wake.clear()
            if self._is_over:
                return
            try:
                self.make()
            except Unavailable as error:
                # The next round tries again; cosigning goes on or fails by itself.
                self._on_failure(str(error))


@contextmanager
def serving_witness(
    folder: Path,
    *,
    host: str,
    port: int,
    peers: Sequence[str],
    every_s: float,
    on_round: OnRound,
    on_failure: Callable[[str], None],
    clock: Clock = wall_clock,
) -> Iterator[tuple[str, Rounds]]:
    """Serves the witness in a folder while inside; answers its address and its rounds.

    Raises:
        InvalidInput: a peer's address is none.
        InvalidRecord: the folder holds no witness.
        Unavailable: another process cosigns there, or the port is taken.
    """
    addresses = [verify_address(peer) for peer in peers]
    memory = WitnessFolder.opened(folder)
    try:
        rounds = Rounds(
            memory,
            WitnessesOverHttp(),
            peers=addresses,
            every_s=every_s,
            on_round=on_round,
            on_failure=on_failure,
        )
        desk = WitnessDesk(
            memory,
            name=memory.name,
            key=memory.key,
            clock=clock,
            on_suspicion=rounds.suspect,
        )
        with listening(witness_web(desk), host, port) as address:
            rounds.start()
            try:
                yield address, rounds
            finally:
                rounds.stop()
    finally:
        memory.close()


def new_witness(folder: Path, name: str) -> VerifierKey:
    """Makes a witness in a new folder; answers the key that others need.

    Raises:
        InvalidInput: something is there already, or the name cannot be one.
        UnavailableRecord: the folder cannot be written.
    """
    return WitnessFolder.made(folder, name)


def know_log(folder: Path, key: VerifierKey, url: str) -> None:
    """Makes a log known to the witness in a folder, which may be serving.

    Raises:
        InvalidInput: no witness is there, the key is no log's or another than before,
            or the address is none.
        UnavailableRecord: the folder cannot be written.
    """
    if url:
        LogAtAddress(url)
    add_log(folder, KnownLog(key=key, url=url))


def asked_witnesses(
    record: Record, policy: Policy, *, urls: Mapping[str, str]
) -> Asking:
    """Asks the witnesses of a policy about a record's newest checkpoint.

    Raises:
        InvalidInput: an address for a witness that the policy does not name.
        ProofFails: what was witnessed before is of another history.
        UnavailableRecord: the record's folder cannot be written.
    """
    return ask_witnesses(
        record,
        policy,
        urls=urls,
        line=WitnessesOverHttp(),
        witnessed_file=WitnessedCheckpoint(record.folder),
        clock=wall_clock,
    )


def compared_histories(
    log: VerifierKey, witnesses: Sequence[str], *, where: str
) -> Comparison:
    """Compares what witnesses were shown with the log at an address or in a folder."""
    line = WitnessesOverHttp()
    is_address = where.startswith(("http://", "https://"))
    shown: ShownLog = LogAtAddress(where) if is_address else LogInFolder(Path(where))

    def asked(url: str) -> Callable[[], bytes | None]:
        return lambda: line.latest(url, log.name)

    return compare_histories(
        log, [(url, asked(url)) for url in witnesses], shown_log=shown
    )


__all__ = [
    "OnRound",
    "Rounds",
    "asked_witnesses",
    "compared_histories",
    "know_log",
    "new_witness",
    "serving_witness",
]
