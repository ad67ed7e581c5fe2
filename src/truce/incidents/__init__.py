"""Physical events that probably happened, from what independent sources say they saw.

In: observations of all feeds, and `Parameters`, which are sealed as a statement. Out:
incidents, each with its place and ellipse, its interval, a distribution over kinds, the
probability that it happened, its witnesses and who contradicts it; and the history of
every id.

Always holds: today's incidents are a function of the set of live observations, whatever
their order of arrival; every observation that says something occurred supports exactly
one incident; copies of one source are one witness; alarms and notices make and join
none; a denial contradicts and never supports; an old id always resolves. Not decided
here: whose doing it was, and whether it breaches anything (`compliance` and beyond).

`associate` divides, `form` builds one incident, `Engine` keeps them up to date,
`resolve` follows ids.
"""

from truce.incidents.associate import associate
from truce.incidents.engine import Changes, Engine
from truce.incidents.form import Formed, form
from truce.incidents.parameters import Parameters, parameters_from_json
from truce.incidents.resolve import resolve

__all__ = [
    "Changes",
    "Engine",
    "Formed",
    "Parameters",
    "associate",
    "form",
    "parameters_from_json",
    "resolve",
]
