"""Puts the parts together: what the command line and the server start from.

In: a folder, a seed. Out: a record with its state, its answers and its gate, ready to
be asked; an exercise being played into one.

Always: the wall clock and the system's randomness are asked here and nowhere below.

Not decided here: anything about the world.
"""

from truce.app.gates import gate_of
from truce.app.opened import (
    OpenRecord,
    Progress,
    attached,
    open_record,
    open_writer,
    rebuild,
    wall_clock,
)
from truce.app.playing import Playing, begin_exercise
from truce.app.reports import CUT_OFF, ReportPages
from truce.app.shipped import read_file, shipped_agreement, shipped_land
from truce.app.studying import sealed_study

__all__ = [
    "CUT_OFF",
    "OpenRecord",
    "Playing",
    "Progress",
    "ReportPages",
    "attached",
    "begin_exercise",
    "gate_of",
    "open_record",
    "open_writer",
    "read_file",
    "rebuild",
    "sealed_study",
    "shipped_agreement",
    "shipped_land",
    "wall_clock",
]
