"""What one source says it saw: feeds' plain values made into observations, watches and
notices.

In: the sealed bytes of a delivery, when it was received, the gazetteer, and the bounds
of the land that the record is about. Out: a `Reading`, in which every row found ends in
exactly one of observations, watches, notices, quarantined lines or duplicates.

Always holds: a precision code or a place name becomes an area, a date becomes a whole
day; the source's own words are kept; the same row has the same id in every record. A
delivery that cannot be read at all is one quarantined line, never an exception: it is
sealed already. Not decided here: whether two observations are of one event
(`incidents`), or whose doing it was.
"""
