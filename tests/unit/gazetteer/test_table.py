"""Reading a gazetteer's table, an exercise's among them."""

import pytest

from truce.errors import InvalidInput
from truce.gazetteer import EntryKind, gazetteer_from_bytes
from truce.gazetteer.table import COLUMNS
from truce.places import Position

HEAD = "\t".join(COLUMNS)
PROVINCE = "province\tN\tNorthmark\t\t\t\t10.0\t-40.0\t50000\t\t0"
TOWN = (
    "settlement\tN1\tAlder Quay\tОльхів\t\tOld Alder;Camp 4\t10.1\t-40.1\t2000\tN\t900"
)
FAR = "settlement\tS1\tSouthing\t\t\t\t8.0\t-40.0\t1500\t\t"


def table(*rows: str, settings: str = "") -> bytes:
    """A table's bytes."""
    return (settings + "\n".join((HEAD, *rows)) + "\n").encode()


def test_an_invented_land_works_like_ukraine() -> None:
    """An exercise seals its own table: nothing may assume Ukraine."""
    land = gazetteer_from_bytes(table(PROVINCE, TOWN, FAR))
    assert land.find("alder-quay", within="Northmark")[0].id == "N1"
    assert land.find("Camp 4")[0].id == "N1"
    assert land.find("Ольхів")[0].name("uk") == "Ольхів"
    assert land.find("Alder Quay")[0].name("fr") == "Alder Quay"
    assert land.find("Southing", within="Northmark") == ()
    near = land.province_at(Position(lat_deg=10.2, lon_deg=-40.1))
    assert near is not None
    assert near.id == "N"
    assert land.province_at(Position(lat_deg=8.0, lon_deg=-40.0)) is None


def test_a_district_without_a_radius_is_unknown() -> None:
    """How wide a district is only the table can say; without it the answer is empty."""
    assert gazetteer_from_bytes(table(PROVINCE, TOWN)).find("Alder Quay district") == ()
    told = table(PROVINCE, TOWN, settings="#: district_radius_m=15000\n")
    district = gazetteer_from_bytes(told).find("Alder Quay district")[0]
    assert (district.kind, district.radius_m) == (EntryKind.DISTRICT, 15_000)


def test_an_empty_table_finds_nothing() -> None:
    """A land without names is allowed and answers nothing."""
    empty = gazetteer_from_bytes(table())
    assert empty.find("Alder Quay") == ()
    assert empty.province_at(Position(lat_deg=0.0, lon_deg=0.0)) is None


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff\xfe", "byte 0 is not UTF-8"),
        (b"", "the head is 'nothing'"),
        (b"name\tlat\n", "tab-separated columns"),
        (table("town\tx"), "line 2: 2 columns, expected 11"),
        (table(TOWN.replace("settlement", "castle")), "'castle' is not a valid"),
        (table(TOWN.replace("10.1", "91.5")), "lat_deg is 91.5"),
        (table(TOWN.replace("2000", "-1")), "radius_m is -1.0"),
        (table(TOWN.replace("2000", "nan")), "radius_m is nan"),
        (table(TOWN.replace("\t900", "\t-5")), "population is -5"),
        (table(TOWN), "parent_id N is no line's id"),
        (table(PROVINCE, PROVINCE), "line 3: id N stands twice"),
        (table(PROVINCE.replace("\t\t0", "\tN\t0")), "N lies within itself"),
        (table(TOWN.replace("Alder Quay", "")), "name_en is empty"),
        (table(PROVINCE, settings="#: width=3\n"), "line 1: setting 'width'"),
        (table(settings="#: district_radius_m=-3\n"), "metres above 0"),
    ],
)
def test_a_faulty_table_is_refused(raw: bytes, message: str) -> None:
    """A table is sealed once: what is wrong must be told before, with its line."""
    with pytest.raises(InvalidInput, match=message):
        gazetteer_from_bytes(raw)


def test_all_faults_are_told_together() -> None:
    """Who mends a table wants to mend it once."""
    with pytest.raises(InvalidInput, match=r"line 2: .*; line 3: "):
        gazetteer_from_bytes(table("town\tx", "town\ty"))
