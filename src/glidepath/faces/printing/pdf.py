"""The calendar on paper: large print, tagged for screen readers (PDF/UA-1), the same bytes for the same values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import typst

from glidepath.faces.printing.sheet import sheet
from glidepath.faces.printing.values import TaperCalendar

HERE = Path(__file__).parent
FONTS = HERE.parent / "shell" / "fonts"
TRIAL = b'#set document(title: "trial")\n#set text(font: "Noto Sans")\n#sys.inputs.data'
FREE_TEXTS = ("preferred_name", "centre_name", "centre_phone", "crisis_line", "signed_by")


class Paper(StrEnum):
    A4 = "a4"
    LETTER = "us-letter"


class PrintFault(RuntimeError):
    """The page was set, but not as it was drawn: a font or a sign is missing from the program itself."""


def calendar_pdf(calendar: TaperCalendar, *, paper: Paper) -> bytes:
    """The calendar as PDF/UA-1. A text in a script the print letters do not have is left out; the doses never are.

    Raises PrintFault for a warning of the typesetter, typst.TypstError for a page that cannot be set.
    """
    try:
        return _set(calendar, paper)
    except typst.TypstError:
        printable = _with_printable_texts(calendar)
        if printable == calendar:
            raise
        return _set(printable, paper)


def _set(calendar: TaperCalendar, paper: Paper) -> bytes:
    data = {**sheet(calendar), "paper": paper.value, "region": "US" if paper is Paper.LETTER else "GB"}
    return compiled(HERE / "calendar.typ", json.dumps(data), calendar.made_at)


def compiled(source: Path | bytes, data: str, made_at: dt.datetime) -> bytes:
    """One sheet as PDF/UA-1. Raises PrintFault for a warning of the typesetter, typst.TypstError where it cannot be."""
    options: Mapping[str, Any] = {
        "format": "pdf",
        "font_paths": [FONTS],
        "ignore_system_fonts": True,
        "pdf_standards": ["ua-1"],
        "sys_inputs": {"data": data},
        "timestamp": int(made_at.timestamp()),
    }
    body, warnings = typst.compile_with_warnings(source, **options)
    if warnings or body is None:
        raise PrintFault("; ".join(str(warning) for warning in warnings) or "the typesetter gave no page")
    return bytes(body)


def _with_printable_texts(calendar: TaperCalendar) -> TaperCalendar:
    texts = {name: getattr(calendar, name) for name in FREE_TEXTS}
    lost: dict[str, Any] = {name: "" for name, text in texts.items() if not is_printable(text, calendar.made_at)}
    return replace(calendar, **lost)


def is_printable(text: str, made_at: dt.datetime) -> bool:
    """Whether the print letters have every sign of `text`."""
    try:
        compiled(TRIAL, text, made_at)
    except typst.TypstError:
        return False
    return True
