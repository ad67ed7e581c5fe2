"""Provinces, raions and countries that GeoNames' list of places does not hold.

Provinces are keyed by GeoNames' admin1 code and named by ISO 3166-2. Raions are the 136
of Verkhovna Rada resolution 807-IX of 17 July 2020, each with its Ukrainian adjective
and its seat (as GeoNames writes it); some were renamed since, and keep the names of
2020. Areas of countries are those of the United Nations Demographic Yearbook (table 3),
Ukraine within its internationally recognised borders.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Province:
    """Names of one province; `disc_km2` overrides the spread of its settlements."""

    id: str
    en: str
    uk: str
    ru: str
    others: tuple[str, ...] = ()
    disc_km2: float = 0.0


@dataclass(frozen=True)
class Country:
    """Names, middle and area of one country."""

    en: str
    uk: str
    ru: str
    lat_deg: float
    lon_deg: float
    area_km2: float
    others: tuple[str, ...] = ()


def _oblast(code: str, en: str, uk: str, ru: str, *others: str) -> Province:
    return Province(
        f"UA-{code}", f"{en} oblast", f"{uk} область", f"{ru} область", others
    )


PROVINCES = {
    "01": _oblast("71", "Cherkasy", "Черкаська", "Черкасская", "Cherkassy"),
    "02": _oblast("74", "Chernihiv", "Чернігівська", "Черниговская", "Chernigov"),
    "03": _oblast("77", "Chernivtsi", "Чернівецька", "Черновицкая", "Chernovtsy"),
    "04": _oblast(
        "12", "Dnipropetrovsk", "Дніпропетровська", "Днепропетровская",
        "Dnepropetrovsk", "Dnipro", "Sicheslav",
    ),
    "05": _oblast("14", "Donetsk", "Донецька", "Донецкая"),
    "06": _oblast(
        "26", "Ivano-Frankivsk", "Івано-Франківська", "Ивано-Франковская",
        "Ivano-Frankovsk",
    ),
    "07": _oblast("63", "Kharkiv", "Харківська", "Харьковская", "Kharkov"),
    "08": _oblast("65", "Kherson", "Херсонська", "Херсонская"),
    "09": _oblast("68", "Khmelnytskyi", "Хмельницька", "Хмельницкая", "Khmelnytska"),
    "10": _oblast(
        "35", "Kirovohrad", "Кіровоградська", "Кировоградская", "Kirovograd",
        "Kropyvnytskyi",
    ),
    "11": Province(
        "UA-43", "Autonomous Republic of Crimea", "Автономна Республіка Крим",
        "Автономная Республика Крым",
        ("Crimea", "Crimean", "Krym", "Крим", "Крым", "Autonomous Republic of Krym"),
    ),
    "12": Province(
        "UA-30", "Kyiv city", "Київ", "Киев",
        ("Kiev city", "Kyiv", "Kiev", "м. Київ", "Kiev Special Republican city"),
        836.0,
    ),
    "13": _oblast("32", "Kyiv", "Київська", "Киевская", "Kiev"),
    "14": _oblast("09", "Luhansk", "Луганська", "Луганская", "Lugansk"),
    "15": _oblast("46", "Lviv", "Львівська", "Львовская", "Lvov"),
    "16": _oblast("48", "Mykolaiv", "Миколаївська", "Николаевская", "Nikolaev"),
    "17": _oblast("51", "Odesa", "Одеська", "Одесская", "Odessa"),
    "18": _oblast("53", "Poltava", "Полтавська", "Полтавская"),
    "19": _oblast("56", "Rivne", "Рівненська", "Ровенская", "Rovno"),
    "20": Province(
        "UA-40", "Sevastopol city", "Севастополь", "Севастополь",
        ("Sevastopol", "м. Севастополь", "Sebastopol", "Sevastopol municipality"),
        864.0,
    ),
    "21": _oblast("59", "Sumy", "Сумська", "Сумская"),
    "22": _oblast("61", "Ternopil", "Тернопільська", "Тернопольская", "Ternopol"),
    "23": _oblast("05", "Vinnytsia", "Вінницька", "Винницкая", "Vinnitsa"),
    "24": _oblast("07", "Volyn", "Волинська", "Волынская", "Volhynia"),
    "25": _oblast(
        "21", "Zakarpattia", "Закарпатська", "Закарпатская", "Transcarpathia",
        "Zakarpatska", "Zakarpatskaya",
    ),
    "26": _oblast(
        "23", "Zaporizhzhia", "Запорізька", "Запорожская", "Zaporozhye",
        "Zaporizka",
    ),
    "27": _oblast("18", "Zhytomyr", "Житомирська", "Житомирская", "Zhitomir"),
}  # fmt: skip

FOREIGN_PROVINCES = {
    ("BY", "01"): Province(
        "BY-BR", "Brest region", "Берестейська область", "Брестская область"
    ),
    ("BY", "02"): Province(
        "BY-HO", "Gomel region", "Гомельська область", "Гомельская область",
        ("Homel", "Homyel", "Homiel"),
    ),
    ("RU", "09"): Province(
        "RU-BEL", "Belgorod oblast", "Бєлгородська область", "Белгородская область",
        ("Bilhorod",),
    ),
    ("RU", "10"): Province(
        "RU-BRY", "Bryansk oblast", "Брянська область", "Брянская область"
    ),
    ("RU", "38"): Province(
        "RU-KDA", "Krasnodar krai", "Краснодарський край", "Краснодарский край"
    ),
    ("RU", "41"): Province(
        "RU-KRS", "Kursk oblast", "Курська область", "Курская область"
    ),
    ("RU", "61"): Province(
        "RU-ROS", "Rostov oblast", "Ростовська область", "Ростовская область"
    ),
    ("RU", "86"): Province(
        "RU-VOR", "Voronezh oblast", "Воронезька область", "Воронежская область"
    ),
}  # fmt: skip

COUNTRIES = {
    "UA": Country("Ukraine", "Україна", "Украина", 48.6, 31.4, 603_500, ("Ukrain",)),
    "BY": Country("Belarus", "Білорусь", "Беларусь", 53.5, 28.0, 207_600, ("Belaurs",)),
    "HU": Country("Hungary", "Угорщина", "Венгрия", 47.2, 19.4, 93_024),
    "MD": Country("Moldova", "Молдова", "Молдова", 47.2, 28.5, 33_846),
    "PL": Country("Poland", "Польща", "Польша", 52.1, 19.4, 312_679),
    "RO": Country("Romania", "Румунія", "Румыния", 45.9, 25.0, 238_391),
    "RU": Country(
        "Russia", "Росія", "Россия", 61.5, 96.0, 17_098_246,
        ("Russian Federation", "Російська Федерація", "Российская Федерация", "Russa"),
    ),
    "SK": Country("Slovakia", "Словаччина", "Словакия", 48.7, 19.5, 49_035),
}  # fmt: skip

# Province -> (adjective, seat as GeoNames writes it).
RAIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "UA-43": (
        ("Бахчисарайський", "Bakhchysarai"), ("Білогірський", "Bilohirsk"),
        ("Джанкойський", "Dzhankoi"), ("Євпаторійський", "Yevpatoriya"),
        ("Керченський", "Kerch"), ("Курманський", "Krasnohvardiiske"),
        ("Перекопський", "Krasnoperekopsk"), ("Сімферопольський", "Simferopol"),
        ("Феодосійський", "Feodosiya"), ("Ялтинський", "Yalta"),
    ),
    "UA-05": (
        ("Вінницький", "Vinnytsya"), ("Гайсинський", "Haisyn"),
        ("Жмеринський", "Zhmerynka"), ("Могилів-Подільський", "Mohyliv-Podilskyy"),
        ("Тульчинський", "Tulchyn"), ("Хмільницький", "Khmilnyk"),
    ),
    "UA-07": (
        ("Володимирський", "Volodymyr-Volynskyi"), ("Ковельський", "Kovel"),
        ("Камінь-Каширський", "Kamin-Kashyrskyi"), ("Луцький", "Lutsk"),
    ),
    "UA-12": (
        ("Дніпровський", "Dnipro"), ("Кам’янський", "Kamyanske"),
        ("Криворізький", "Kryvyy Rih"), ("Нікопольський", "Nikopol"),
        ("Новомосковський", "Novomoskovsk"), ("Павлоградський", "Pavlohrad"),
        ("Синельниківський", "Synelnykove"),
    ),
    "UA-14": (
        ("Бахмутський", "Bakhmut"), ("Волноваський", "Volnovakha"),
        ("Горлівський", "Horlivka"), ("Донецький", "Donetsk"),
        ("Кальміуський", "Kalmiuske"), ("Краматорський", "Kramatorsk"),
        ("Маріупольський", "Mariupol"), ("Покровський", "Pokrovsk"),
    ),
    "UA-18": (
        ("Бердичівський", "Berdychiv"), ("Житомирський", "Zhytomyr"),
        ("Коростенський", "Korosten"), ("Новоград-Волинський", "Zviahel"),
    ),
    "UA-21": (
        ("Берегівський", "Berehove"), ("Мукачівський", "Mukachevo"),
        ("Рахівський", "Rakhiv"), ("Тячівський", "Tyachiv"),
        ("Ужгородський", "Uzhhorod"), ("Хустський", "Khust"),
    ),
    "UA-23": (
        ("Бердянський", "Berdyansk"), ("Василівський", "Vasylivka"),
        ("Запорізький", "Zaporizhzhya"), ("Мелітопольський", "Melitopol"),
        ("Пологівський", "Polohy"),
    ),
    "UA-26": (
        ("Верховинський", "Verkhovyna"), ("Івано-Франківський", "Ivano-Frankivsk"),
        ("Калуський", "Kalush"), ("Коломийський", "Kolomyia"),
        ("Косівський", "Kosiv"), ("Надвірнянський", "Nadvirna"),
    ),
    "UA-32": (
        ("Білоцерківський", "Bila Tserkva"), ("Бориспільський", "Boryspil"),
        ("Броварський", "Brovary"), ("Бучанський", "Bucha"),
        ("Вишгородський", "Vyshhorod"), ("Обухівський", "Obukhiv"),
        ("Фастівський", "Fastiv"),
    ),
    "UA-35": (
        ("Голованівський", "Holovanivsk"), ("Кропивницький", "Kropyvnytskyi"),
        ("Новоукраїнський", "Novoukrayinka"), ("Олександрійський", "Oleksandriya"),
    ),
    "UA-09": (
        ("Алчевський", "Alchevsk"), ("Довжанський", "Dovzhansk"),
        ("Луганський", "Luhansk"), ("Ровеньківський", "Rovenky"),
        ("Сватівський", "Svatove"), ("Сєвєродонецький", "Sievierodonetsk"),
        ("Старобільський", "Starobilsk"), ("Щастинський", "Shchastia"),
    ),
    "UA-46": (
        ("Дрогобицький", "Drohobych"), ("Золочівський", "Zolochiv"),
        ("Львівський", "Lviv"), ("Самбірський", "Sambir"), ("Стрийський", "Stryi"),
        ("Червоноградський", "Sheptytskyi"), ("Яворівський", "Yavoriv"),
    ),
    "UA-48": (
        ("Баштанський", "Bashtanka"), ("Вознесенський", "Voznesensk"),
        ("Миколаївський", "Mykolayiv"), ("Первомайський", "Pervomaysk"),
    ),
    "UA-51": (
        ("Березівський", "Berezivka"),
        ("Білгород-Дністровський", "Bilhorod-Dnistrovskyi"),
        ("Болградський", "Bolhrad"), ("Ізмаїльський", "Izmayil"),
        ("Одеський", "Odesa"), ("Подільський", "Podilsk"),
        ("Роздільнянський", "Rozdilna"),
    ),
    "UA-53": (
        ("Кременчуцький", "Kremenchuk"), ("Лубенський", "Lubny"),
        ("Миргородський", "Myrhorod"), ("Полтавський", "Poltava"),
    ),
    "UA-56": (
        ("Вараський", "Varash"), ("Дубенський", "Dubno"),
        ("Рівненський", "Rivne"), ("Сарненський", "Sarny"),
    ),
    "UA-59": (
        ("Конотопський", "Konotop"), ("Охтирський", "Okhtyrka"),
        ("Роменський", "Romny"), ("Сумський", "Sumy"), ("Шосткинський", "Shostka"),
    ),
    "UA-61": (
        ("Кременецький", "Kremenets"), ("Тернопільський", "Ternopil"),
        ("Чортківський", "Chortkiv"),
    ),
    "UA-63": (
        ("Богодухівський", "Bohodukhiv"), ("Ізюмський", "Izyum"),
        ("Красноградський", "Krasnohrad"), ("Куп’янський", "Kupyansk"),
        ("Лозівський", "Lozova"), ("Харківський", "Kharkiv"),
        ("Чугуївський", "Chuhuyiv"),
    ),
    "UA-65": (
        ("Бериславський", "Beryslav"), ("Генічеський", "Henichesk"),
        ("Каховський", "Kakhovka"), ("Скадовський", "Skadovsk"),
        ("Херсонський", "Kherson"),
    ),
    "UA-68": (
        ("Кам’янець-Подільський", "Kamyanets-Podilskyi"),
        ("Хмельницький", "Khmelnytskyi"), ("Шепетівський", "Shepetivka"),
    ),
    "UA-71": (
        ("Звенигородський", "Zvenyhorodka"), ("Золотоніський", "Zolotonosha"),
        ("Уманський", "Uman"), ("Черкаський", "Cherkasy"),
    ),
    "UA-77": (
        ("Вижницький", "Vyzhnytsya"), ("Чернівецький", "Chernivtsi"),
        ("Дністровський", "Kelmentsi"),
    ),
    "UA-74": (
        ("Корюківський", "Koriukivka"), ("Ніжинський", "Nizhyn"),
        ("Новгород-Сіверський", "Novhorod-Siverskyi"), ("Прилуцький", "Pryluky"),
        ("Чернігівський", "Chernihiv"),
    ),
}  # fmt: skip
