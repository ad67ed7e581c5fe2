"""Which incidents may bear on a clause in a window, and how heavily each."""

from dataclasses import dataclass

import numpy as np

from truce.agreement.model import Clause, Window
from truce.agreement.plane import Floats
from truce.compliance.index_facts import FactIndex, Flags, Rows
from truce.compliance.weigh_position import weigh_inside


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weighed:
    """The incidents that may bear on one clause and window, the most telling first.

    `possible` is the probability that one happened, was prohibited in kind and lay in
    the area; `stated` the same for the part of the area that the text states.
    `is_inside` says whether its whole time lies in the window.
    """

    rows: Rows
    possible: Floats
    stated: Floats
    is_inside: Flags

    def chosen(self, is_chosen: Flags) -> "Weighed":
        """Only those that are chosen, in the same order."""
        return Weighed(
            rows=self.rows[is_chosen],
            possible=self.possible[is_chosen],
            stated=self.stated[is_chosen],
            is_inside=self.is_inside[is_chosen],
        )


def weigh_incidents(clause: Clause, window: Window, facts: FactIndex) -> Weighed:
    """All incidents that share time with the window and may be what the clause
    prohibits.
    """
    rows = facts.rows_in(window.interval)
    certain = facts.probability[rows] * facts.kind_share(clause.what.kinds)[rows]
    is_any = certain > 0.0
    rows, certain = rows[is_any], certain[is_any]
    where = facts.lat_deg[rows], facts.lon_deg[rows], facts.sigma_m[rows]
    possible = certain * weigh_inside(clause.area.shape, *where)
    if clause.area.stated is None:
        stated = np.zeros_like(possible)
    elif clause.area.stated == clause.area.shape:
        stated = possible
    else:
        stated = certain * weigh_inside(clause.area.stated, *where)
    # The share of an interval that lies in the window proves nothing, but of two
    # incidents equally probable the one that overlaps more tells the reader more.
    telling = possible * facts.overlap_shares(rows, window.interval)
    order = np.lexsort((rows, -possible, -telling))
    return Weighed(
        rows=rows[order],
        possible=possible[order],
        stated=stated[order],
        is_inside=facts.is_inside(rows, window.interval)[order],
    )


__all__ = ["Weighed", "weigh_incidents"]
