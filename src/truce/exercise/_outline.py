"""The invented land as it was sketched by hand: kilometres east and north of its
middle.

These points are the sketch only; `_drawing` roughens them into a coast, borders and
rivers. All of it is invented. It lies where there is no land at all (see
`_plane.MIDDLE`).
"""

from typing import Final

Points = tuple[tuple[float, float], ...]

# Clockwise from the western cape. The bays are where the ports are.
MAINLAND: Final[Points] = (
    (-215, 10), (-205, 45), (-178, 62), (-165, 90), (-130, 98), (-112, 84), (-101, 58),
    (-90, 62), (-82, 92), (-52, 112), (-22, 104), (0, 88), (22, 86), (40, 100),
        (70, 118),
    (104, 112), (126, 90), (150, 97), (176, 80), (188, 52), (168, 34), (158, 14),
        (182, 2),
    (206, -14), (198, -42), (170, -62), (150, -88), (122, -105), (97, -99), (85, -76),
    (73, -94), (48, -105), (22, -93), (9, -72), (-10, -75), (-30, -93), (-58, -99),
    (-71, -80), (-84, -101), (-112, -113), (-140, -101), (-158, -77), (-190, -64),
    (-201, -36), (-186, -17), (-209, -4),
)  # fmt: skip

# Name, province, outline. Islands belong to the province off whose coast they lie.
ISLANDS: Final[tuple[tuple[str, str, Points], ...]] = (
    ("Vessara", "Brethia",
     ((-166, 128), (-158, 142), (-140, 144), (-129, 136), (-136, 125), (-152, 121))),
    ("Vessarin", "Brethia", ((-121, 130), (-117, 136), (-110, 133), (-113, 126))),
    ("Hollin", "Marrow", ((-240, -74), (-236, -62), (-224, -60), (-219, -71),
        (-230, -80))),
    ("Umbrask", "Marrow", ((-214, -86), (-210, -82), (-206, -86), (-210, -90))),
    ("Sallura", "Tessany",
     ((36, -132), (44, -124), (58, -126), (68, -135), (60, -143), (44, -141))),
    ("Sallurin", "Tessany", ((22, -124), (26, -121), (30, -125), (26, -128))),
    ("Orrest", "Vandel", ((208, 52), (212, 61), (220, 62), (224, 53), (216, 47))),
    ("Tarrask", "Vandel", ((206, 70), (209, 73), (212, 70), (209, 67))),
    ("Carrask", "Norrick", ((92, 134), (96, 140), (104, 139), (105, 132), (98, 130))),
)  # fmt: skip

# The border of the two states, north to south; it begins and ends in the sea.
BORDER: Final[Points] = (
    (15, 104), (18, 84), (24, 66), (20, 48), (13, 26), (2, 4), (-6, -16), (-4, -36),
    (-14, -56), (-20, -78), (-24, -104),
)  # fmt: skip
# Where the two forces stood when the fighting stopped. It crosses the border, so that
# each side holds a strip of the other and neither is the natural villain.
CONTACT: Final[Points] = (
    (1, 100), (4, 84), (-6, 62), (2, 42), (-9, 24), (-4, 6), (8, -10), (4, -30),
    (10, -50), (8, -68), (4, -92),
)  # fmt: skip

# Borders of provinces: they meet in shared points, and overshoot the coast and the
# border of the states, where what sticks out is cut away.
PROVINCE_BORDERS: Final[tuple[Points, ...]] = (
    ((-98, 74), (-104, 40), (-90, 20), (-93, 0)),
    ((-93, 0), (-70, 8), (-46, 2), (-20, -2), (16, 6)),
    ((-93, 0), (-110, -34), (-94, -70), (-97, -120)),
    ((-93, 0), (-130, -6), (-160, -22), (-215, -20)),
    ((-46, 2), (-52, 40), (-38, 74), (-44, 122)),
    ((94, 0), (60, 4), (30, -4), (-16, 4)),
    ((94, 0), (92, 40), (106, 80), (118, 116)),
    ((94, 0), (120, 14), (150, 4), (190, 14)),
    ((94, 0), (104, -30), (88, -52), (84, -96)),
)
# Name, country, a point that lies in it.
PROVINCES: Final[tuple[tuple[str, str, tuple[float, float]], ...]] = (
    ("Brethia", "Kelmara", (-150, 50)),
    ("Marrow", "Kelmara", (-150, -60)),
    ("Solvane", "Kelmara", (-70, 50)),
    ("Irmeth", "Kelmara", (-25, 50)),
    ("Kadrin", "Kelmara", (-60, -45)),
    ("Norrick", "Dorvane", (60, 60)),
    ("Vandel", "Dorvane", (145, 60)),
    ("Tessany", "Dorvane", (50, -45)),
    ("Orlast", "Dorvane", (145, -40)),
)

# Each from its spring out past its mouth. The Ulven runs under the line of contact.
RIVERS: Final[tuple[tuple[str, Points], ...]] = (
    ("Ulven", ((66, 34), (44, 22), (22, 26), (4, 14), (-14, 8), (-34, -14), (-40, -40),
               (-58, -56), (-70, -76), (-71, -90))),
    ("Ebrul", ((-128, -34), (-122, -8), (-134, 16), (-116, 36), (-102, 54), (-98, 68))),
    ("Maruve", ((114, 46), (124, 20), (110, -8), (116, -36), (96, -56), (86, -74),
        (84, -88))),
    ("Sith", ((-60, 24), (-66, 48), (-60, 76), (-66, 112))),
    ("Torrow", ((140, -22), (166, -30), (186, -20), (214, -26))),
)  # fmt: skip
LAKES: Final[tuple[tuple[str, Points], ...]] = (
    ("Lake Nimra", ((-136, -36), (-128, -30), (-118, -36), (-120, -46), (-130, -52),
        (-138, -46))),
    ("Lake Orsel", ((108, 46), (116, 53), (125, 50), (121, 43), (112, 41))),
    ("Lake Fenn", ((54, -60), (59, -56), (66, -60), (62, -66), (56, -66))),
)  # fmt: skip

__all__ = [
    "BORDER", "CONTACT", "ISLANDS", "LAKES", "MAINLAND", "PROVINCES",
        "PROVINCE_BORDERS",
    "RIVERS", "Points",
]  # fmt: skip
