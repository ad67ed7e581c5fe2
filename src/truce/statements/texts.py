"""Texts that hold for the whole record: agreements, place names, the base map."""

from dataclasses import dataclass
from typing import Self

from truce.errors import InvalidStatement
from truce.identifiers import AgreementId
from truce.statements._parcel import count_in, opened_parcel, parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementText:
    """An agreement in force: its YAML, and the GeoJSON of the places that it names."""

    agreement: AgreementId
    text: bytes
    geography: bytes = b""

    def payload(self) -> bytes:
        """The payload of an `agreement` statement, version 1."""
        label = {"agreement": self.agreement, "text_size": str(len(self.text))}
        return parcel(label, self.text + self.geography)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        """The agreement that a payload holds.

        Raises:
            InvalidStatement: the payload is no agreement.
        """
        label, content = opened_parcel(payload, ("agreement", "text_size"))
        size = count_in(label, "text_size")
        if size > len(content):
            raise InvalidStatement(
                f"payload's text_size is {size}, and {len(content)} bytes follow"
            )
        return cls(
            agreement=AgreementId(label["agreement"]),
            text=content[:size],
            geography=content[size:],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GazetteerTable:
    """The place names by which this record's texts are read. `zone` is an IANA name."""

    name: str
    zone: str
    table: bytes

    def payload(self) -> bytes:
        """The payload of a `gazetteer` statement, version 1."""
        return parcel({"name": self.name, "zone": self.zone}, self.table)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        """The gazetteer that a payload holds.

        Raises:
            InvalidStatement: the payload is no gazetteer.
        """
        label, table = opened_parcel(payload, ("name", "zone"))
        return cls(name=label["name"], zone=label["zone"], table=table)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMap:
    """The land on which this record's incidents are drawn, as GeoJSON."""

    name: str
    geojson: bytes

    def payload(self) -> bytes:
        """The payload of a `base-map` statement, version 1."""
        return parcel({"name": self.name}, self.geojson)

    @classmethod
    def from_payload(cls, payload: bytes) -> Self:
        """The base map that a payload holds.

        Raises:
            InvalidStatement: the payload is no base map.
        """
        label, geojson = opened_parcel(payload, ("name",))
        return cls(name=label["name"], geojson=geojson)


__all__ = ["AgreementText", "BaseMap", "GazetteerTable"]
