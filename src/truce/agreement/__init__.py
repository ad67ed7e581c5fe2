"""The text of a ceasefire as data: parties, geography, dated clauses, sources. No
verdicts.

In: the bytes of a YAML text, and GeoJSON for the geography that it takes from outside.
Out: an `Agreement` of frozen records, or one error that lists every fault with file,
line, clause and what to write instead.

Always: every clause has a plain sentence and a source; a local time that the clocks
skip or repeat is refused until the text says which moment it means; hours that the text
does not state are kept as unknown, and an area whose extent it does not state as
assumed.

Not decided here: what happened, whether a clause was kept, and whose fault it was.
"""
