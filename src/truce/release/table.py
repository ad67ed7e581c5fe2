"""The release table as data, its floors, and the one function that reads it.

    |                   | MECHANISM     | CELL     | PARTIES     | PUBLIC             |
    |-------------------|---------------|----------|-------------|--------------------|
    | impacts, damage   | exact         | exact    | ellipse 1 h | 5 km 24 h          |
    | outgoing, weapons | exact         | 5 km 1 h*| 10 km 24 h* | province, week 14d*|
    | visibility        | exact         | sector   | own ones    | province, week 14d*|
    | findings          | exact         | exact    | as served   | public version     |
    | evidence          | exact         | nothing* | nothing*    | nothing*           |
    | persons, sources  | named readers*| nothing* | nothing*    | nothing*           |

A star is a floor: no policy lowers it. The other rules are defaults, which a policy may
make stricter but not weaker either. Source: the house plan, "Release".
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from truce.instants import Interval, verify_instant
from truce.release.coarsen import GRANULES, coarse_interval, later
from truce.release.model import (
    Coarseness,
    Condition,
    Decision,
    Policy,
    Reader,
    Rule,
    Thing,
)

_DEFAULT: Final = False
_FLOOR: Final = True
_AT_ONCE: Final = timedelta(0)


def _rule(
    thing: Thing,
    reader: Reader,
    coarseness: Coarseness,
    delay: timedelta = _AT_ONCE,
    is_floor: bool = _DEFAULT,
    *conditions: Condition,
) -> Rule:
    return Rule(
        reader=reader,
        thing=thing,
        coarseness=coarseness,
        delay=delay,
        conditions=frozenset(conditions),
        is_floor=is_floor,
    )


def _rules() -> tuple[Rule, ...]:
    mechanism, cell, parties, public = Reader
    impact, outgoing, visibility, finding, evidence, person = Thing
    exact, week, nothing = (
        Coarseness.EXACT,
        Coarseness.PROVINCE_WEEK,
        Coarseness.NOTHING,
    )
    hour, day, fortnight = timedelta(hours=1), timedelta(hours=24), timedelta(days=14)
    return (
        _rule(impact, mechanism, exact),
        _rule(impact, cell, exact),
        _rule(impact, parties, Coarseness.ELLIPSE, hour),
        _rule(impact, public, Coarseness.CELL_5_KM, day),
        _rule(outgoing, mechanism, exact),
        _rule(outgoing, cell, Coarseness.CELL_5_KM, hour, _FLOOR),
        _rule(outgoing, parties, Coarseness.CELL_10_KM, day, _FLOOR),
        _rule(outgoing, public, week, fortnight, _FLOOR),
        _rule(visibility, mechanism, exact),
        _rule(visibility, cell, Coarseness.SECTOR),
        _rule(visibility, parties, exact, _AT_ONCE, _DEFAULT, Condition.OWN),
        _rule(visibility, public, week, fortnight, _FLOOR),
        _rule(finding, mechanism, exact),
        _rule(finding, cell, exact),
        _rule(finding, parties, exact, _AT_ONCE, _DEFAULT, Condition.SERVED),
        _rule(finding, public, week),
        _rule(evidence, mechanism, exact),
        _rule(person, mechanism, exact, _AT_ONCE, _FLOOR, Condition.NAMED),
        *(
            _rule(thing, reader, nothing, _AT_ONCE, _FLOOR)
            for thing in (evidence, person)
            for reader in (cell, parties, public)
        ),
    )


DEFAULT_RULES: Final = _rules()
DEFAULT_POLICY: Final = Policy()

_SENTENCES: Final = MappingProxyType(
    {
        "release.why.exact": "{reader} is shown {thing} as it is known.",
        "release.why.coarse": "{reader} is shown {thing} as {coarseness}, "
        "{delay_hours} hours after the end of the time that is shown for it.",
        "release.why.too_early": "{reader} is shown {thing} as {coarseness}, and not "
        "before {delay_hours} hours after the end of the time that is shown for it.",
        "release.why.condition": "{reader} is shown {thing} only under a condition: "
        "{conditions}.",
        "release.why.never": "{reader} is never shown {thing}.",
    }
)


def stricter(rule: Rule, other: Rule) -> Rule:
    """The rule as coarse and as late as either, with the conditions of both."""
    coarser = max(rule, other, key=lambda r: r.coarseness.rank)
    return Rule(
        reader=rule.reader,
        thing=rule.thing,
        coarseness=coarser.coarseness,
        delay=max(rule.delay, other.delay),
        conditions=rule.conditions | other.conditions,
        is_floor=rule.is_floor,
    )


@lru_cache(maxsize=64)
def rules_of(policy: Policy) -> Mapping[tuple[Reader, Thing], Rule]:
    """The table with a policy laid over it: one rule for each reader and thing."""
    table = {(rule.reader, rule.thing): rule for rule in DEFAULT_RULES}
    for rule in policy.rules:
        key = (rule.reader, rule.thing)
        table[key] = stricter(table[key], rule)
    return MappingProxyType(table)


def decide(
    reader: Reader,
    thing: Thing,
    *,
    happened_at: Interval | datetime,
    now: datetime,
    policy: Policy = DEFAULT_POLICY,
    conditions: frozenset[Condition] = frozenset(),
) -> Decision:
    """What this reader is given of such a thing that happened then, as of `now`.

    The delay counts from the end of `happened_at` (the later bound: it may have
    happened then), made as coarse as the place is: counted from the exact end, the
    moment at which a thing appears would give its time away. `conditions` are those
    that hold.

    Raises:
        InvalidValue: a time without a zone.
    """
    interval = happened_at
    if not isinstance(interval, Interval):
        interval = Interval(start=interval, end=interval)
    rule = rules_of(policy)[reader, thing]
    key, not_before = _answer(rule, interval, verify_instant(now), conditions)
    values = (
        ("reader", reader.value),
        ("thing", thing.value),
        ("coarseness", rule.coarseness.value),
        ("delay_hours", str(-int(-rule.delay.total_seconds() // 3600))),
        ("conditions", ", ".join(sorted(rule.conditions - conditions))),
    )
    is_refused = key in ("release.why.never", "release.why.condition")
    return Decision(
        reader=reader,
        thing=thing,
        is_shown=key in ("release.why.exact", "release.why.coarse"),
        coarseness=Coarseness.NOTHING if is_refused else rule.coarseness,
        not_before=not_before,
        why=_SENTENCES[key].format(**dict(values)),
        why_key=key,
        why_values=values,
    )


def _answer(
    rule: Rule, interval: Interval, now: datetime, conditions: frozenset[Condition]
) -> tuple[str, datetime | None]:
    """The key of the answer, and the instant from which the thing may be shown."""
    if rule.coarseness is Coarseness.NOTHING:
        return "release.why.never", None
    if not rule.conditions <= conditions:
        return "release.why.condition", None
    not_before = due_from(rule, interval)
    if not_before is None:
        return "release.why.exact", None
    if now < not_before:
        return "release.why.too_early", not_before
    return "release.why.coarse", not_before


def due_from(rule: Rule, interval: Interval) -> datetime | None:
    """The first instant at which a rule lets a thing of that interval be shown.

    Delays count from the end of the coarse interval. Without a delay a coarse thing may
    be shown when its hour, day or week is over, and a fine one at once, which is None.
    """
    if rule.delay <= _AT_ONCE and GRANULES[rule.coarseness] is None:
        return None
    return later(coarse_interval(interval, rule.coarseness).end, rule.delay)


__all__ = [
    "DEFAULT_POLICY",
    "DEFAULT_RULES",
    "decide",
    "due_from",
    "rules_of",
    "stricter",
]
