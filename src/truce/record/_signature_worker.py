"""The child process that checks signatures: `python -m` this module."""

import struct
import sys
from typing import Final

from truce.record.keys import accepts

# How many signatures a batch has, and the length of all their messages together.
HEAD: Final = struct.Struct(">II")


def work() -> None:
    """Batches in, one byte a signature out, until the parent closes the pipe."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(HEAD.size):
        count, length = HEAD.unpack(head)
        body = source.read(count * 100 + length)
        answers, at = bytearray(), 0
        for _ in range(count):
            size = int.from_bytes(body[at : at + 4], "big")
            key, signature = body[at + 4 : at + 36], body[at + 36 : at + 100]
            message = body[at + 100 : at + 100 + size]
            answers.append(accepts(key, message, signature))
            at += 100 + size
        sink.write(answers)
        sink.flush()


if __name__ == "__main__":
    work()
