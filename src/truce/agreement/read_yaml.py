"""YAML bytes as a tree that remembers its lines and leaves every word as it was
written.

YAML 1.1 reads `16:00` as 960, `no` as false and `2031-05-04` as a date. Nothing of that
happens here: a scalar stays text, and whoever expects a time, a number or a name reads
it as one.
"""

from dataclasses import dataclass
from typing import Final

import yaml

from truce.agreement.faults import Faults

# Far above any agreement (the longest of history fill a few hundred pages) and low
# enough that reading one never hurts: 282 corridor texts together have less than 1 MB.
TEXT_BYTES_MAX: Final = 4_000_000
# GeoJSON written inline nests nine levels deep; beyond this a text only tires the
# reader's stack.
DEPTH_MAX: Final = 40

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word, number or sentence, as written; `line` counts from 1."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """Items in their order."""

    items: "tuple[Marked, ...]"
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their lines, and their values, in the order of the text."""

    entries: "dict[str, tuple[int, Marked]]"
    line: int


Marked = Scalar | Sequence | Mapping


def read_yaml(data: bytes, faults: Faults) -> Marked | None:
    """The tree of the text, or None with faults noted if it is no plain YAML in
    UTF-8."""
    text = _text(data, faults)
    if text is None:
        return None
    try:
        if not _is_plain(text, faults):
            return None
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        faults.add(line, f"not YAML: {error.problem}", write="mend the line")
        return None
    except yaml.YAMLError as error:
        faults.add(1, f"not YAML: {error}", write="write plain YAML in UTF-8")
        return None
    if root is None:
        faults.add(1, "the file is empty", write="write an agreement in it")
        return None
    return _marked(root, faults)


def _text(data: bytes, faults: Faults) -> str | None:
    if len(data) > TEXT_BYTES_MAX:
        faults.add(
            1,
            f"the text has {len(data)} bytes, at most {TEXT_BYTES_MAX} are read",
            write="put geography into a GeoJSON file beside it",
        )
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.add(
            line,
            f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8",
            write="save the file as UTF-8",
        )
        return None


def _is_plain(text: str, faults: Faults) -> bool:
    """Whether it is one document without aliases or tags, nested in reason.

    Looked at before the tree is built: an alias makes a short text endless, and deep
    nesting overflows the composer's stack.
    """
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            faults.add(line, "a YAML anchor or alias", write="write the value out")
            return False
        if tag := getattr(event, "tag", None):
            faults.add(line, f"a YAML tag {tag}", write="write it without tag")
            return False
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_MAX:
            faults.add(line, f"nested {depth} deep", write="write it flatter")
            return False
        if documents > 1:
            faults.add(line, "a second document", write="write one agreement per file")
            return False
    return True


def _marked(node: yaml.Node, faults: Faults) -> Marked:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, line, faults)
    if isinstance(node, yaml.SequenceNode):
        return Sequence(tuple(_marked(item, faults) for item in node.value), line)
    return Scalar(str(node.value), line)


def _mapping(node: yaml.MappingNode, line: int, faults: Faults) -> Mapping:
    entries: dict[str, tuple[int, Marked]] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            faults.add(key_line, "a key that is no word", write="write a plain key")
            continue
        key = str(key_node.value)
        if key in entries:
            first = entries[key][0]
            faults.add(
                key_line,
                f"{key!r} stands here and in line {first}",
                write="keep one of the two",
            )
            continue
        entries[key] = (key_line, _marked(value_node, faults))
    return Mapping(entries, line)


__all__ = [
    "DEPTH_MAX",
    "TEXT_BYTES_MAX",
    "Mapping",
    "Marked",
    "Scalar",
    "Sequence",
    "read_yaml",
]
