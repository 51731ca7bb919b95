"""The invented people of the demo centre, and what happens to each on which day of their stay. Nobody here is real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from glidepath.care.assessment.models import Beginning, Source


@dataclass(frozen=True, slots=True)
class Course:
    """How the taper goes: begun `on` that day of the stay. cut in percent; kept: a lower dose that stays, as typed."""

    on: int
    cut: int = 10
    every: int = 14
    table: str = "va_dod_2021"
    switch_to: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One person. `came`: days before today; `left`: day of the stay they leave, None while they are here.

    acts: what happens on a day of the stay beside the daily round (see days.py). nights: usual hours of sleep.
    """

    name: str
    legal: str
    born: dt.date
    pronouns: str
    regimen: str
    months: Decimal
    came: int
    bed: int | None = None
    left: int | None = None
    to_aftercare: bool = True
    source: Source = Source.PRESCRIBED
    beginning: Beginning = Beginning.LONG_TERM
    reason: str = "sleep"
    told: Mapping[str, str] = field(default_factory=dict)
    allergy: tuple[str, str] | None = None
    course: Course | None = None
    acts: Mapping[int, str] = field(default_factory=dict)
    also: tuple[tuple[str, str, str, str, str], ...] = ()  # name, mg, times, sedative, opioid: outside the formulary
    levels: Mapping[int, str] = field(default_factory=dict)  # ng/mL of their medicine, by the day the blood was drawn
    misery: int = 14  # where CIWA-B hovers
    nights: float = 6.5

    @property
    def medicine(self) -> str:
        return self.regimen.split()[0]


def _born(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


HERE = (
    Story(
        "Ruth", "Ruth Albrecht", _born("1968-02-11"), "she/her", "diazepam 12 mg 08:00 22:00", Decimal(96), 31, bed=1,
        course=Course(on=1), nights=7.0, reason="back pain", levels={10: "830", 24: "735"},
    ),
    Story(
        "Danilo", "Danilo Reyes", _born("1985-09-30"), "he/him", "diazepam 8 mg 08:00 14:00 22:00", Decimal(30), 4, bed=2,
        source=Source.MIXED, beginning=Beginning.OTHER_WITHDRAWAL, reason="coming off heroin",
        told={"opioid_active": "yes", "oud_med": "methadone", "naloxone_offered": "yes", "sud_any": "yes"},
        also=(("methadone", "40", "08:00", "yes", "yes"),), acts={3: "over_sedation"}, nights=5.5, misery=18,
    ),
    Story(
        "Priya", "Priya Nair", _born("1991-06-04"), "she/her", "alprazolam 1 mg 08:00 14:00 22:00", Decimal(48), 12, bed=3,
        course=Course(on=2, switch_to="diazepam"), reason="panic", misery=20, nights=6.0,
    ),
    Story(
        "Owen", "Owen Harris", _born("1957-12-19"), "he/him", "diazepam 3.5 mg 08:00 22:00", Decimal(240), 40, bed=4,
        course=Course(on=1), reason="after his wife died", misery=9, nights=7.5,
    ),
    Story(
        "Noor", "Noor Haddad", _born("1996-03-27"), "she/her", "lorazepam 1 mg 08:00 22:00", Decimal(20), 24, bed=5,
        course=Course(on=1, cut=25, kept="lorazepam 0.5 mg"), acts={17: "hold"}, reason="anxiety", misery=24, nights=5.0,
        allergy=("Trimethoprim", "rash"),
    ),
    Story(
        "Kwame", "Kwame Boateng", _born("1979-08-15"), "he/him", "clonazepam 0.5 mg 08:00 14:00 22:00", Decimal(84), 9,
        bed=6, course=Course(on=2, switch_to="diazepam"), reason="restless legs", misery=15,
    ),
    Story(
        "Marta", "Marta Ellen Lindqvist", _born("1979-03-12"), "she/her", "lorazepam 1 mg 08:00 14:00 + lorazepam 2 mg 22:00",
        Decimal(72), 58, bed=7, course=Course(on=6, switch_to="diazepam"), allergy=("Penicillin", "rash, 2011"),
        acts={
            3: "seizure", 5: "seizure_lifted", 6: "seizure_reviewed", 9: "review_acted_on", 48: "step_back", 50: "hold",
        }, misery=16, nights=6.3,
    ),
    Story(
        "Elif", "Elif Yıldız", _born("1953-05-21"), "she/her", "temazepam 20 mg 22:00 + zopiclone 7.5 mg 22:00", Decimal(180),
        24, bed=8, told={"falls_risk": "yes"}, reason="sleep since retiring", misery=10, nights=6.0,
    ),
    Story(
        "Sam", "Sam Whitlock", _born("1988-11-02"), "they/them", "oxazepam 15 mg 08:00 14:00 22:00", Decimal(14), 2, bed=9,
        beginning=Beginning.RECREATIONAL, source=Source.MIXED, reason="nights out, then every day",
        told={"alcohol_dependent": "yes", "alcohol_plan": "yes", "sud_any": "yes", "naloxone_offered": "yes"}, misery=22,
        nights=4.5,
    ),
    Story(
        "Hana", "Hana Dvořáková", _born("1994-01-08"), "she/her", "diazepam 5 mg 08:00 22:00", Decimal(36), 28, bed=10,
        told={"pregnant": "yes", "obstetric_plan": "yes"}, course=Course(on=7, cut=5), reason="panic", misery=11, nights=7.0,
    ),
    Story(
        "Luis", "Luis Ortega", _born("1982-10-10"), "he/him", "diazepam 6 mg 08:00 14:00 22:00", Decimal(60), 17, bed=11,
        told={"opioid_active": "yes", "oud_med": "buprenorphine", "naloxone_offered": "yes", "sud_any": "yes"},
        also=(("buprenorphine", "8", "08:00", "yes", "yes"),), course=Course(on=3), misery=13,
    ),
    Story(
        "Greta", "Greta Sommer", _born("1949-07-23"), "she/her", "diazepam 5 mg 08:00 22:00", Decimal(300), 45, bed=12,
        told={"falls_risk": "yes"}, course=Course(on=2, kept="diazepam 8 mg"), reason="asked to come down a little, not to stop", misery=6, nights=7.5,
    ),
)  # fmt: skip

GONE = tuple(
    Story(
        name, legal, _born(born), pronouns, regimen, Decimal(months), came, left=left, to_aftercare=after,
        source=source, beginning=beginning, reason=reason, course=Course(on=1, cut=cut), misery=misery, nights=nights,
    )
    for name, legal, born, pronouns, regimen, months, came, left, after, source, beginning, reason, cut, misery, nights in (
        ("Jonas", "Jonas Berg", "1975-04-18", "he/him", "diazepam 10 mg 08:00 22:00", 120, 112, 7, True, Source.PRESCRIBED, Beginning.LONG_TERM, "back pain", 10, 12, 7.0),
        ("Aisha", "Aisha Rahman", "1990-12-01", "she/her", "diazepam 5 mg 08:00 22:00", 24, 98, 6, True, Source.PRESCRIBED, Beginning.LONG_TERM, "panic", 10, 14, 6.5),
        ("Tom", "Thomas Keller", "1969-02-28", "he/him", "diazepam 6 mg 08:00 22:00", 60, 90, 8, True, Source.MIXED, Beginning.RECREATIONAL, "with drink at weekends", 10, 18, 6.0),
        ("Leila", "Leila Karimi", "1986-06-30", "she/her", "diazepam 4 mg 08:00 22:00", 36, 84, 5, True, Source.PRESCRIBED, Beginning.LONG_TERM, "after a birth", 5, 9, 7.0),
        ("Viktor", "Viktor Horvat", "1961-10-05", "he/him", "diazepam 10 mg 08:00 22:00", 200, 76, 6, True, Source.PRESCRIBED, Beginning.LONG_TERM, "muscle spasm", 5, 10, 6.5),
        ("Maeve", "Maeve O'Connor", "1998-08-08", "she/her", "diazepam 5 mg 08:00 22:00", 12, 70, 5, True, Source.NONPRESCRIBED, Beginning.NO_PRESCRIPTION, "bought online for exams", 10, 16, 6.0),
        ("Ivan", "Ivan Petrov", "1972-03-03", "he/him", "diazepam 8 mg 08:00 22:00", 48, 104, 5, False, Source.PRESCRIBED, Beginning.LONG_TERM, "anxiety", 10, 15, 6.0),
        ("Chloe", "Chloe Martin", "1993-05-25", "she/her", "diazepam 4 mg 08:00 22:00", 18, 95, 4, False, Source.NONPRESCRIBED, Beginning.NO_PRESCRIPTION, "a friend's tablets", 10, 17, 5.5),
        ("Ben", "Benjamin Osei", "1980-01-17", "he/him", "diazepam 10 mg 08:00 22:00", 66, 88, 6, False, Source.MIXED, Beginning.OTHER_WITHDRAWAL, "to quiet alcohol withdrawal", 10, 19, 5.0),
        ("Rosa", "Rosa Jimenez", "1955-09-12", "she/her", "diazepam 5 mg 08:00 22:00", 320, 80, 5, False, Source.PRESCRIBED, Beginning.LONG_TERM, "sleep", 5, 8, 6.5),
        ("Emil", "Emil Novak", "1977-11-29", "he/him", "diazepam 6 mg 08:00 22:00", 90, 66, 4, False, Source.PRESCRIBED, Beginning.LONG_TERM, "panic", 10, 12, 6.5),
    )
)  # fmt: skip

# Who called, who is expected, who went elsewhere: name, legal name, born, pronouns, caller, what was said, days ago, stage.
CALLS = (
    ("Theo", "Theo Nakamura", "1987-04-02", "he/him", "Theo himself", "Takes alprazolam, wants to come this week.", 3, "pre_admission"),
    ("Farah", "Farah Aziz", "1983-12-12", "she/her", "her general practitioner", "Lorazepam 3 mg a day for nine years.", 5, "pre_admission"),
    ("Mika", "Mika Laine", "2001-02-20", "they/them", "Mika themself", "Bars bought online, perhaps bromazolam; content unknown.", 1, "enquiry"),
    ("Ilse", "Ilse Brandt", "1946-08-30", "she/her", "her daughter", "Nitrazepam every night since 1989.", 2, "enquiry"),
    ("Tariq", "Tariq Mansour", "1974-10-16", "he/him", "Tariq himself", "Diazepam after a work accident, afraid to stop.", 0, "enquiry"),
    ("Paula", "Paula Conti", "1966-06-06", "she/her", "Paula herself", "Redirected: wishes care nearer home.", 20, "redirected"),
    ("Gus", "Gustav Lund", "1959-03-14", "he/him", "his wife", "Redirected: in hospital with pneumonia.", 33, "redirected"),
)  # fmt: skip
