"""Who may state what, and who decided it.

1. A founding makes the record's origin, policy and charter. No key is enrolled twice.
2. A maker is enrolled before it states, by a key that was not revoked before.
3. A role of its own, or one that is lent to it then, has the right to the kind.
4. A decision takes a quorum of founders: its maker, and those whose approvals hold.
5. A row that changes names the one in force. A new key alone may be its owner's own.
6. No decision leaves fewer founders than the quorum. A founder's role is not lent.
Source: docs/spec/record.md, 3 and 5.
"""

import json
import re
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from truce_verify import must, notes, reading
from truce_verify.entries import TIME, Entry, canonical, json_of

__all__ = ["FORMS", "Makers", "Row"]
_ROW = {"id": str, "key": str, "name": str, "of": str, "roles": [str]}
_CHARTER = {"quorum": int, "release_policy": str, "rights": dict}
_TEXTS = dict.fromkeys(("log_key", "name", "record_kind", "witness_policy"), str)
_APPROVED = {"approvals": [{"by": str, "signature": bytes}]}
FORMS: dict[str, Any] = {
    "founding": _APPROVED | {"charter": _CHARTER, "participants": [_ROW]} | _TEXTS,
    "enrolment": _APPROVED
    | {"changes": [_ROW | {"replaces": int}], "participants": [_ROW]},
    "revocation": _APPROVED | {"key": str, "reason": str, "since": str},
    "delegation": {"roles": [str], "to": str, "until": str},
    "charter": _APPROVED | {"charter": _CHARTER, "replaces": int},
}


class Row(NamedTuple):
    """A participant's row, and the statement that holds it."""

    key: bytes
    roles: tuple[str, ...]
    name: str = ""
    of: str = ""
    at: int = 0


class Makers:
    """Who is enrolled so far in the record of one origin; what its founding names."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.founding = notes.Trust()  # without a key until it is founded
        self.rows: dict[str, Row] = {}
        self.holders: dict[bytes, str] = {}  # of every key there ever was
        self.revoked: dict[bytes, str] = {}  # and since when
        self.loans: dict[tuple[str, str], tuple[set[str], str]] = {}  # roles, until
        self.quorum, self.rights, self.charter_at = 1, dict[str, set[str]](), 0

    def take(self, index: int, entry: Entry, payload: bytes | None = None) -> bytes:
        """(2 to 4) Follows a statement; answers the key to check; none if unfounded."""
        by, kind = entry.by, entry.kind
        must(entry.record == self.origin, "wrong-record", f"it is of {entry.record}")
        is_founding = kind == "founding"
        must(is_founding == (index == 0), "kind-refused", "only entry 0 is a founding")
        told: Any = None
        if kind in FORMS and payload is not None:
            with reading("founding-form", kind):
                told = json_of(payload, FORMS[kind])
                if is_founding:
                    self._found(told)
        if not self.founding.key:
            return b""
        must(by in self.rows, "unknown-maker", f"{by} was not enrolled before")
        key = self.rows[by].key
        is_own = sha256(key).hexdigest()[:16] == entry.keyid
        must(is_own, "unknown-key", f"{entry.keyid} is not the key of {by}")
        must(key not in self.revoked, "revoked-key", f"the key of {by} was revoked")
        if kind not in FORMS:
            self._verify_right(by, kind, entry.sealed_at)
        elif told:
            with reading("founding-form", kind):
                is_own = kind == "delegation" or self._is_own(kind, told, by)
            if not is_own:
                self._verify_quorum(
                    entry, told["approvals"], json.loads(payload or b"")
                )
            with reading("founding-form", kind):
                match kind:
                    case "enrolment":
                        self._write(told["participants"], told["changes"], index)
                    case "revocation":
                        self._revoke(told, entry.sealed_at)
                    case "delegation":
                        self._lend(told, entry)
                    case "charter":
                        self._replace_charter(told, index)
        return key

    def founders(self, rows: dict[str, Row], gone: bytes = b"") -> set[str]:
        """(6) Those who decide, once a key is gone."""
        lost = {*self.revoked, gone}
        held = {name: row for name, row in rows.items() if "founder" in row.roles}
        return {name for name, row in held.items() if row.key not in lost}

    def _is_own(self, kind: str, told: Any, by: str) -> bool:
        """(5) Whether it is its maker's own affair: their key, and nothing besides."""
        if told.get("approvals", True):
            return False
        if kind == "revocation":
            key = bytes.fromhex(told["key"])
            return self.holders.get(key) == by and key not in self.revoked
        if kind != "enrolment" or told["participants"] or len(told["changes"]) != 1:
            return False
        row, mine = told["changes"][0], self.rows[by]
        same = (by, mine.name, mine.of, [*mine.roles])
        return same == (row["id"], row["name"], row["of"], row["roles"])

    def _verify_right(self, by: str, kind: str, at: str) -> None:
        """(3) That a role has the right to state it then."""
        may = self.rights.get(kind, set())
        lent = [
            until
            for (lender, to), (roles, until) in self.loans.items()
            if to == by and may & roles & {*self.rows[lender].roles}
            if self.rows[lender].key not in self.revoked
        ]
        is_right = may & {*self.rows[by].roles} or any(at < until for until in lent)
        code = "delegation-ended" if lent else "kind-refused"
        must(is_right, code, f"{by} has no role that may state {kind}")

    def _verify_quorum(self, entry: Entry, approvals: Any, plain: Any) -> None:
        """(4) That founders enough made or approved it."""
        head = f"truce/approval/v1\n{self.origin}\n{entry.kind}\n".encode()
        message = head + canonical(plain | {"approvals": []})
        founders = self.founders(self.rows)
        agreed = {entry.by} & founders
        for by, signature in ((one["by"], one["signature"]) for one in approvals):
            holds = by in founders - {entry.by} and len(signature) == 64
            holds = holds and notes.is_signed(self.rows[by].key, signature, message)
            must(holds, "false-approval", f"{by[:63]} did not approve this")
            agreed.add(by)
        is_right = [one["by"] for one in approvals] == sorted({*agreed} - {entry.by})
        must(is_right, "founding-form", "its approvals do not rise")
        told = f"{len(agreed)} of {self.quorum} founders agree"
        must(len(agreed) >= self.quorum, "quorum-short", told)

    def _found(self, told: Any) -> None:
        """(1) Begins with what a founding says."""
        key = bytes.fromhex(told["log_key"])
        named = sha256(key).hexdigest()[:32]
        origin = f"truce/{told['record_kind']}/{told['name']}/{named}"
        if origin != self.origin or key.hex() != told["log_key"]:
            raise ValueError(f"it founds {origin[:200]}")
        self.holders[key] = ""  # the log's key is nobody's
        policy = notes.policy_from_text(told["witness_policy"], key)
        self._write_charter(told["charter"], 0)
        self._write(told["participants"], [], 0)
        self.founding = policy

    def _write(self, new: list[Any], changed: list[Any], index: int) -> None:
        """(1, 5, 6) Takes up rows, once all of them are right."""
        rows, fresh = dict(self.rows), list[bytes]()
        for one in (*new, *changed):
            name, roles, key = one["id"], (*one["roles"],), bytes.fromhex(one["key"])
            is_right = all(re.fullmatch("[a-z-]+", role) for role in roles)
            is_right &= len({*roles}) == len(roles) and notes.is_sound(key)
            is_right &= key.hex() == one["key"]
            texts = [name, *([one["of"]] if one["of"] else [])]
            is_right &= all(re.fullmatch(notes.NAME, text) for text in texts)
            before = self.rows.get(name, Row(b"", (), at=-1))
            is_right &= before.at == one.get("replaces", -1)
            if key != before.key:
                fresh.append(key)
            else:
                is_right &= not (roles and key in self.revoked)
            if not is_right:
                raise ValueError(f"{name[:80]!r} has another form, or stands already")
            rows[name] = Row(key, roles, one["name"], one["of"], index)
        count = len({one["id"] for one in (*new, *changed)})
        is_new = len({*fresh}) == len(fresh) and not {*fresh} & self.holders.keys()
        if not count or count != len(new) + len(changed) or not is_new:
            raise ValueError("it enrols nobody, or somebody or a key twice")
        if len(self.founders(rows)) < self.quorum:
            raise ValueError("fewer founders than the quorum would be left")
        self.rows = rows
        self.holders |= {rows[one["id"]].key: one["id"] for one in (*new, *changed)}

    def _revoke(self, told: Any, sealed_at: str) -> None:
        """(6) Ends a key, from no later than now and earlier than was said before."""
        key = bytes.fromhex(told["key"])
        (since,) = notes.groups_of(TIME, told["since"])
        datetime.fromisoformat(since)
        is_right = self.holders.get(key) and key.hex() == told["key"]
        is_right = is_right and since <= sealed_at
        is_right = is_right and since < self.revoked.get(key, "~")
        if not is_right or not 0 < len(told["reason"]) <= 2000:
            raise ValueError("it revokes nobody's key, or from no earlier time")
        if len(self.founders(self.rows, key)) < self.quorum:
            raise ValueError("fewer founders than the quorum would be left")
        self.revoked[key] = since

    def _lend(self, told: Any, entry: Entry) -> None:
        """(3, 6) Lends what its maker has of its own."""
        to, roles = told["to"], {*told["roles"]}
        (until,) = notes.groups_of(TIME, told["until"])
        datetime.fromisoformat(until)
        is_right = to in self.rows and to != entry.by and "founder" not in roles
        is_right &= roles <= {*self.rows[entry.by].roles}
        is_right &= len(roles) == len(told["roles"])
        if not is_right or (roles and until <= entry.sealed_at):
            raise ValueError("it lends what its maker has not, or to nobody")
        self.loans[entry.by, to] = roles, until

    def _replace_charter(self, told: Any, index: int) -> None:
        """(5) Takes up a charter in place of the one in force."""
        if told["replaces"] != self.charter_at:
            raise ValueError("it does not replace the charter in force")
        if len(self.founders(self.rows)) < told["charter"]["quorum"]:
            raise ValueError("its quorum is larger than the founders are many")
        self._write_charter(told["charter"], index)

    def _write_charter(self, told: Any, index: int) -> None:
        """(1) Takes up a charter, once its form is right."""
        for kind, roles in told["rights"].items():
            names = [kind, *roles]
            is_right = all(re.fullmatch("[a-z][a-z0-9-]{0,62}", one) for one in names)
            if not is_right or roles != sorted({*roles}) or kind in FORMS:
                raise ValueError(f"the right to state {kind[:80]!r} has another form")
        if told["quorum"] < 1:
            raise ValueError("its quorum is below 1")
        self.quorum, self.charter_at = told["quorum"], index
        self.rights = {kind: {*roles} for kind, roles in told["rights"].items()}
