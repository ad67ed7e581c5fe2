"""Payloads: what goes in comes out, and nothing else is taken for one."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truce.errors import InvalidStatement
from truce.identifiers import AgreementId, FeedName
from truce.statements import (
    KINDS,
    AgreementText,
    BaseMap,
    Delivery,
    GazetteerTable,
    IssuedAnswer,
    Method,
)

NOW = datetime(2026, 1, 6, 18, 0, tzinfo=UTC)
FROM_PAYLOAD: list[Callable[[bytes], Any]] = [
    AgreementText.from_payload,
    BaseMap.from_payload,
    Delivery.from_payload,
    GazetteerTable.from_payload,
    IssuedAnswer.from_payload,
    Method.from_payload,
]


@given(raw=st.binary(max_size=200), name=st.text(max_size=40))
def test_a_delivery_keeps_every_byte(raw: bytes, name: str) -> None:
    """Line feeds, zeros and half characters in a delivery come back as they were."""
    delivery = Delivery(
        feed=FeedName("firms"), file_name=name, received_at=NOW, raw=raw
    )
    assert Delivery.from_payload(delivery.payload()) == delivery


@given(text=st.binary(max_size=100), geography=st.binary(max_size=100))
def test_an_agreement_keeps_text_and_geography_apart(
    text: bytes, geography: bytes
) -> None:
    """Two texts in one payload must not run into each other."""
    one = AgreementText(agreement=AgreementId("a"), text=text, geography=geography)
    assert AgreementText.from_payload(one.payload()) == one


def test_the_others_come_back_as_they_were() -> None:
    """Methods, maps, names and answers survive the way through the record."""
    method = Method(name="incidents", version="1", parameters={"a": [1, 2.5, "b"]})
    assert Method.from_payload(method.payload()) == method
    names = GazetteerTable(name="land", zone="Etc/GMT+3", table=b"a\tb\n")
    assert GazetteerTable.from_payload(names.payload()) == names
    base = BaseMap(name="land", geojson=b"{}")
    assert BaseMap.from_payload(base.payload()) == base
    answer = IssuedAnswer(
        subject="daily-report/2031-05-09",
        reader="PUBLIC",
        media_type="application/json",
        as_of=NOW,
        known_count=12,
        content=b"{}\n",
    )
    assert IssuedAnswer.from_payload(answer.payload()) == answer


@pytest.mark.parametrize("read", FROM_PAYLOAD, ids=lambda f: f.__self__.__name__)
@pytest.mark.parametrize("payload", [b"", b"\n", b"[]\n", b"{}\n", b"\xff\n", b"x"])
def test_what_is_none_is_refused(read: Callable[[bytes], Any], payload: bytes) -> None:
    """Bytes that are no payload of the kind are an error, never an empty value."""
    with pytest.raises(InvalidStatement):
        read(payload)


def test_every_kind_has_somebody_who_may_state_it() -> None:
    """A kind that no role may state could never enter a record."""
    assert all(kind.roles and kind.schema >= 1 for kind in KINDS.values())
    assert all(kind.name == name for name, kind in KINDS.items())
