"""The pages of this room, one module per use."""

from glidepath.care.assessment.views.answering import again, answer, news, settle
from glidepath.care.assessment.views.diagnosing import diagnoses
from glidepath.care.assessment.views.domain import domain, overview
from glidepath.care.assessment.views.entries import past_taper, substance
from glidepath.care.assessment.views.facts import facts, say_who_is_called, use
from glidepath.care.assessment.views.medicines import add_medicine, check, decide
from glidepath.care.assessment.views.signing import sign

__all__ = [
    "add_medicine",
    "again",
    "answer",
    "check",
    "decide",
    "diagnoses",
    "domain",
    "facts",
    "news",
    "overview",
    "past_taper",
    "say_who_is_called",
    "settle",
    "sign",
    "substance",
    "use",
]
