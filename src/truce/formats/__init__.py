"""Pure codecs between the raw bytes of a feed and plain typed values.

In: the sealed bytes of one delivery. Out: for every row found either a `Decoded` value
with its line, or a `Fault` with its line and reason; where the delivery as a whole is
not what it claims, `InvalidDelivery`. Encoders go the other way, for exercises and
exports: `decode(encode(x)) == x`.

Always holds: no I/O, no clock, no rules; bounded memory whatever the bytes are; no row
vanishes. Not decided here: what a value means, where and when it was, how far it is
believed: that is `observations`.
"""
