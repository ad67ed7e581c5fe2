"""Finding places by their names."""

import pytest

from truce.gazetteer import (
    EntryKind,
    Gazetteer,
    gazetteer_from_bytes,
    shipped_gazetteer,
)
from truce.places import PlaceBasis, Position, distance_m


@pytest.fixture(scope="module")
def ukraine() -> Gazetteer:
    """The shipped gazetteer."""
    return gazetteer_from_bytes(shipped_gazetteer())


# Province, then spellings in English (new and old), Ukrainian and Russian.
TOWNS = [
    ("Kyiv city", "Kyiv", "Kiev", "Київ", "Киев"),
    ("Kharkiv", "Kharkiv", "Kharkov", "Харків", "Харьков"),
    ("Odesa", "Odesa", "Odessa", "Одеса", "Одесса"),
    ("Dnipropetrovsk", "Dnipro", "Dnipropetrovsk", "Дніпро", "Днепр"),
    ("Donetsk", "Donetsk", "Donets'k", "Донецьк", "Донецк"),
    ("Zaporizhzhia", "Zaporizhzhia", "Zaporozhye", "Запоріжжя", "Запорожье"),
    ("Lviv", "Lviv", "L'viv", "Львів", "Львов"),
    ("Dnipropetrovsk", "Kryvyi Rih", "Krivoy Rog", "Кривий Ріг", "Кривой Рог"),
    ("Mykolaiv", "Mykolaiv", "Nikolaev", "Миколаїв", "Николаев"),
    ("Donetsk", "Mariupol", "Mariupol'", "Маріуполь", "Мариуполь"),
    ("Luhansk", "Luhansk", "Lugansk", "Луганськ", "Луганск"),
    ("Vinnytsia", "Vinnytsia", "Vinnitsa", "Вінниця", "Винница"),
    ("Sevastopol city", "Sevastopol", "Sebastopol", "Севастополь", "Севастополь"),
    ("Crimea", "Simferopol", "Simferopol'", "Сімферополь", "Симферополь"),
    ("Kherson", "Kherson", "Cherson", "Херсон", "Херсон"),
    ("Poltava", "Poltava", "Poltawa", "Полтава", "Полтава"),
    ("Chernihiv", "Chernihiv", "Chernigov", "Чернігів", "Чернигов"),
    ("Cherkasy", "Cherkasy", "Cherkassy", "Черкаси", "Черкассы"),
    ("Zhytomyr", "Zhytomyr", "Zhitomir", "Житомир", "Житомир"),
    ("Sumy", "Sumy", "Soumy", "Суми", "Сумы"),
    ("Rivne", "Rivne", "Rovno", "Рівне", "Ровно"),
    ("Ivano-Frankivsk", "Ivano-Frankivsk", "Ivano Frankovsk", "Івано-Франківськ",
     "Ивано-Франковск"),
    ("Ternopil", "Ternopil", "Ternopol", "Тернопіль", "Тернополь"),
    ("Volyn", "Lutsk", "Luts'k", "Луцьк", "Луцк"),
    ("Kyiv", "Bila Tserkva", "Belaya Tserkov", "Біла Церква", "Белая Церковь"),
    ("Donetsk", "Kramatorsk", "Kramators'k", "Краматорськ", "Краматорск"),
    ("Donetsk", "Sloviansk", "Slavyansk", "Слов’янськ", "Славянск"),
    ("Donetsk", "Bakhmut", "Artemivsk", "Бахмут", "Артемовск"),
    ("Zaporizhzhia", "Melitopol", "Melitopol'", "Мелітополь", "Мелитополь"),
    ("Zaporizhzhia", "Berdiansk", "Berdyansk", "Бердянськ", "Бердянск"),
    ("Luhansk", "Sievierodonetsk", "Severodonetsk", "Сєвєродонецьк", "Северодонецк"),
    ("Luhansk", "Lysychansk", "Lisichansk", "Лисичанськ", "Лисичанск"),
    ("Luhansk", "Popasna", "Popasnaya", "Попасна", "Попасная"),
    ("Luhansk", "Rubizhne", "Rubezhnoye", "Рубіжне", "Рубежное"),
    ("Luhansk", "Hirske", "Horske", "Гірське", "Горское"),
    ("Kyiv", "Bucha", "Butscha", "Буча", "Буча"),
    ("Kyiv", "Irpin", "Irpen", "Ірпінь", "Ирпень"),
    ("Kyiv", "Brovary", "Browary", "Бровари", "Бровары"),
    ("Kharkiv", "Izium", "Izyum", "Ізюм", "Изюм"),
    ("Kharkiv", "Kupiansk", "Kupyansk", "Куп'янськ", "Купянск"),
    ("Donetsk", "Avdiivka", "Avdeevka", "Авдіївка", "Авдеевка"),
    ("Donetsk", "Horlivka", "Gorlovka", "Горлівка", "Горловка"),
    ("Donetsk", "Volnovakha", "Volnovaha", "Волноваха", "Волноваха"),
    ("Cherkasy", "Uman", "Uman'", "Умань", "Умань"),
    ("Poltava", "Kremenchuk", "Kremenchug", "Кременчук", "Кременчуг"),
    ("Crimea", "Kerch", "Kertsch", "Керч", "Керчь"),
]  # fmt: skip


@pytest.mark.parametrize(("province", "name", "latin", "uk", "ru"), TOWNS)
def test_every_spelling_of_a_town_is_one_place(
    ukraine: Gazetteer, province: str, name: str, latin: str, uk: str, ru: str
) -> None:
    """Feeds spell a town in three scripts: fused reports need one place for all of
    them.
    """
    found = [
        ukraine.find(spelling, within=province)[0].id
        for spelling in (name, latin, uk, ru)
    ]
    assert len(set(found)) == 1


def test_there_are_at_least_forty_towns_in_the_table() -> None:
    """A table that shrank unseen would prove little."""
    assert len({name for _, name, *_ in TOWNS}) >= 40


def test_distinct_towns_stay_distinct(ukraine: Gazetteer) -> None:
    """Loose spelling must not melt two towns into one."""
    ids = {ukraine.find(name, within=province)[0].id for province, name, *_ in TOWNS}
    assert len(ids) == len(TOWNS)


@pytest.mark.parametrize(
    ("name", "within", "expected"),
    [
        ("Donetska oblast", None, "Donetsk oblast"),
        ("Zaporizhzhya Oblast", None, "Zaporizhzhia oblast"),
        ("Кіровоградська область", None, "Kirovohrad oblast"),
        ("Transcarpathia", None, "Zakarpattia oblast"),
        ("Kharkiv Obalst", None, "Kharkiv oblast"),
        ("Crimea", None, "Autonomous Republic of Crimea"),
        ("Umanskyi raion", "Cherkaska oblast", "Umanskyi raion"),
        ("Уманський район", None, "Umanskyi raion"),
        ("Popasna raion", "Luhansk oblast", "Popasna"),
        ("Umanska terytorialna hromada", "Cherkaska oblast", "Uman"),
        ("Bilotserkivska hromada", "Kyivska oblast", "Bila Tserkva"),
        ("Kryvorizka hromada", "Dnipropetrovska oblast", "Kryvyi Rih"),
    ],
)
def test_areas_are_found_by_suffix_and_adjective(
    ukraine: Gazetteer, name: str, within: str | None, expected: str
) -> None:
    """Official feeds name oblasts, raions and hromadas by adjectives of their towns."""
    entry = ukraine.find(name, within=within)[0]
    assert entry.name_en == expected
    assert entry.kind in {EntryKind.DISTRICT, EntryKind.PROVINCE}


def test_a_hromada_is_wider_than_its_town(ukraine: Gazetteer) -> None:
    """A siren in a hromada may mean any of its villages: the town's disc would lie."""
    town = ukraine.find("Bucha", within="Kyiv oblast")[0]
    hromada = ukraine.find("Buchanska hromada", within="Kyiv oblast")[0]
    raion = ukraine.find("Buchanskyi raion", within="Kyiv oblast")[0]
    assert town.radius_m < hromada.radius_m < raion.radius_m


@pytest.mark.parametrize(
    ("name", "within"),
    [
        ("Xyzzy", None),
        ("", None),
        ("Hirske", "Lviv"),
        ("Bucha", "no such province"),
        ("Nowhereska hromada", "Donetsk"),
        ("Luhanske", "Sumy"),
    ],
)
def test_what_is_unknown_is_empty(
    ukraine: Gazetteer, name: str, within: str | None
) -> None:
    """A name outside the table, or in the wrong province, must not become some other
    town.
    """
    assert ukraine.find(name, within=within) == ()
    assert ukraine.place(name, within=within) is None


@pytest.mark.parametrize(
    ("name", "never"),
    [("Luhanske", "Luhansk"), ("Buzova", "Bziv"), ("Hrakove", "Kharkiv")],
)
def test_looseness_has_an_end(ukraine: Gazetteer, name: str, never: str) -> None:
    """Villages of almost the same letters are other villages."""
    assert never not in {entry.name_en for entry in ukraine.find(name)}


def test_within_chooses_between_namesakes(ukraine: Gazetteer) -> None:
    """Two towns are called Pervomaisk: the province says which."""
    south = ukraine.find("Pervomaisk", within="Mykolaiv oblast")[0]
    east = ukraine.find("Pervomaisk", within="Luhansk oblast")[0]
    assert distance_m(south.centre, east.centre) > 300_000


def test_listed_and_bracketed_names_are_read(ukraine: Gazetteer) -> None:
    """Free text adds brackets and second names; the wider of town and hromada is
    honest.
    """
    assert ukraine.find("Bakhmut (Luhansk)")[0].name_en == "Bakhmut"
    both = ukraine.find(
        "m. Pervomaisk ta Pervomaiska terytorialna hromada", within="Mykolaivska oblast"
    )
    assert both[0].kind is EntryKind.DISTRICT


def test_a_place_is_as_wide_as_the_entry(ukraine: Gazetteer) -> None:
    """A uniform disc of radius R has sigma R/2: a village is not a point."""
    entry = ukraine.find("Bakhmut", within="Donetsk")[0]
    place = ukraine.place("Bakhmut", within="Donetsk")
    assert place is not None
    assert place.sigma_major_m == pytest.approx(entry.radius_m / 2)
    assert place.basis is PlaceBasis.SETTLEMENT
    assert 3_000 < entry.radius_m < 6_000


def test_a_common_village_name_is_only_its_province(ukraine: Gazetteer) -> None:
    """Most villages called Andriivka are not in the table: naming one would lie."""
    place = ukraine.place("Andriivka", within="Donetsk oblast")
    assert place is not None
    assert place.basis is PlaceBasis.PROVINCE
    assert place.name == "Andriivka"


def test_rivals_spread_the_place(ukraine: Gazetteer) -> None:
    """Without a province, either Pervomaisk may be meant, so the place covers both."""
    place = ukraine.place("Pervomaisk")
    assert place is not None
    assert place.sigma_major_m > 50_000


@pytest.mark.parametrize(
    ("lat", "lon", "province"),
    [
        (44.96, 34.11, "UA-43"),
        (44.60, 33.53, "UA-40"),
        (48.00, 37.80, "UA-14"),
        (48.57, 39.31, "UA-09"),
        (45.35, 36.47, "UA-43"),
        (50.45, 30.52, "UA-30"),
        (50.59, 36.59, "RU-BEL"),
    ],
)
def test_a_position_lies_in_its_province(
    ukraine: Gazetteer, lat: float, lon: float, province: str
) -> None:
    """Release coarsens to provinces; Crimea and Donetsk are Ukraine's."""
    entry = ukraine.province_at(Position(lat_deg=lat, lon_deg=lon))
    assert entry is not None
    assert entry.id == province


def test_the_open_sea_is_in_no_province(ukraine: Gazetteer) -> None:
    """Far from every settlement nothing may be coarsened to some coast by chance."""
    middle = Position(lat_deg=43.2, lon_deg=34.0)
    assert ukraine.province_at(middle) is None
    assert ukraine.province_at(middle, within_m=400_000) is not None


def test_ukraine_has_twenty_seven_provinces_and_136_raions(ukraine: Gazetteer) -> None:
    """24 oblasts, Crimea, Kyiv, Sevastopol: a missing one would swallow its reports."""
    home = [e for e in ukraine.entries if e.id.startswith("UA-")]
    assert sum(e.kind is EntryKind.PROVINCE for e in home) == 27
    assert sum(e.kind is EntryKind.DISTRICT for e in home) == 136
    assert len(shipped_gazetteer()) < 1_000_000
