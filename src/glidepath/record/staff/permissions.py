"""Who may do what: the one table. Which person's record it may be done to is decided in record/episodes/access.py.

The table follows the role matrix of the centre's rules: an administrator has no clinical read, a manager sees who is
here and no notes, an auditor reads the lines and no charts. Where it is wider than a strict reading, the reason stands
beside the line. `PRESCRIBING` acts also need `may_prescribe`, which is given by name and is not a job title.
"""

from __future__ import annotations

from collections.abc import Mapping

from glidepath.record.errors import NotAllowed
from glidepath.record.staff.models import Role, Staff

_PHYSICIAN = frozenset({Role.PHYSICIAN})
_NURSE = frozenset({Role.NURSE})
_PHARMACIST = frozenset({Role.PHARMACIST})
_BEDSIDE = frozenset({Role.PHYSICIAN, Role.NURSE})

CLINICAL = frozenset({Role.PHYSICIAN, Role.NURSE, Role.PHARMACIST, Role.COUNSELLOR, Role.PSYCHOLOGIST})
MAY_HOLD_PRESCRIBING = frozenset({Role.PHYSICIAN, Role.NURSE, Role.PHARMACIST})  # who can be given it by name
_DESK = frozenset({Role.ADMISSIONS, Role.CASE_MANAGER})
WORKS_SHIFTS = CLINICAL | {Role.CASE_MANAGER, Role.PEER_WORKER}

ACTIONS: Mapping[str, frozenset[Role]] = {
    # who they are
    "person.read": CLINICAL | {Role.CASE_MANAGER},  # the chart; a case manager only of those assigned
    "identity.read": CLINICAL | _DESK | {Role.MANAGER},  # names, birth date, contacts, allergies, bed; nothing clinical
    "people.search": CLINICAL | _DESK | {Role.MANAGER},
    "person.register": _BEDSIDE | {Role.ADMISSIONS},  # at night no admissions desk is open, and nobody waits outside
    "person.edit": _BEDSIDE | _DESK,
    "contact.edit": _BEDSIDE | _DESK,
    "allergy.record": _BEDSIDE | {Role.PHARMACIST, Role.ADMISSIONS},
    "consent.record": _BEDSIDE | _DESK | {Role.COUNSELLOR, Role.PSYCHOLOGIST},
    # the stretch of care
    "episode.enquire": _BEDSIDE | _DESK,
    "episode.admit": _BEDSIDE | {Role.ADMISSIONS},
    "bed.move": _NURSE | _DESK | {Role.MANAGER},  # narrower than the matrix: a counsellor moves nobody
    "team.change": _BEDSIDE | {Role.CASE_MANAGER, Role.MANAGER},
    "discharge.prepare": _BEDSIDE | {Role.CASE_MANAGER},
    "discharge.close": MAY_HOLD_PRESCRIBING,
    "break_glass": CLINICAL,
    # what is asked and seen
    "assessment.record": _BEDSIDE | {Role.PHARMACIST, Role.PSYCHOLOGIST, Role.ADMISSIONS},  # no doses by counsellors
    "fact.record": CLINICAL | {Role.ADMISSIONS},  # what people tell of themselves, which is no diagnosis of ours
    "observe": _BEDSIDE,
    "sleep.record": _BEDSIDE | {Role.COUNSELLOR, Role.PSYCHOLOGIST},
    "event.record": CLINICAL,  # whoever sees it writes it
    "event.review": MAY_HOLD_PRESCRIBING,
    "alarm.acknowledge": CLINICAL,
    "alarm.attend": CLINICAL,
    "alarm.close": _BEDSIDE,
    "alarm.close_hard_stop": MAY_HOLD_PRESCRIBING,
    # the taper and the medicines
    "taper.read": CLINICAL | {Role.CASE_MANAGER},  # whole, not a summary: who finds the next prescriber tells the dose
    "taper.plan": MAY_HOLD_PRESCRIBING,
    "taper.sign": MAY_HOLD_PRESCRIBING,
    "taper.change": MAY_HOLD_PRESCRIBING,
    "taper.release": MAY_HOLD_PRESCRIBING,
    "taper.review": MAY_HOLD_PRESCRIBING,
    "taper.second_sign": MAY_HOLD_PRESCRIBING,  # beside a prescriber who signs a protocol; itself no prescribing
    "taper.day_review": _BEDSIDE,  # inside a signed batch; outside its stop conditions a prescriber decides
    "order.read": CLINICAL,  # a counsellor too: who talks with somebody sedated needs to see by what
    "order.sign": MAY_HOLD_PRESCRIBING,
    "order.stop": MAY_HOLD_PRESCRIBING,
    "dose.give": _NURSE,
    "dose.answer": _NURSE,
    "dose.correct": _NURSE,
    # the centre
    "settings.read": CLINICAL | {Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR},
    "settings.change": frozenset({Role.MANAGER}),
    "product.change": _PHARMACIST,
    "product.allow_split": _PHARMACIST,
    "staff.manage": frozenset(
        {Role.ADMINISTRATOR}
    ),  # the manager approves no grant yet; both read the signed line of it
    "shift.work": WORKS_SHIFTS,  # all a peer worker may: names and notes of those they walk with are not built
    "audit.read": frozenset({Role.MANAGER, Role.AUDITOR}),  # an administrator checks the chain at the machine itself
    "glass.review": frozenset({Role.MANAGER}),  # the auditor reads the reviews and writes none
}

PRESCRIBING: frozenset[str] = frozenset(
    {
        "discharge.close",
        "event.review",
        "alarm.close_hard_stop",
        "taper.plan",
        "taper.sign",
        "taper.change",
        "taper.release",
        "taper.review",
        "order.sign",
        "order.stop",
    }
)

# For these an admissions officer, a case manager and a manager reach everybody of their centre; all else needs a tie.
IDENTITY: frozenset[str] = frozenset(
    {
        "identity.read",
        "people.search",
        "person.register",
        "person.edit",
        "contact.edit",
        "allergy.record",
        "consent.record",
        "episode.enquire",
        "episode.admit",
        "bed.move",
        "team.change",
    }
)
CENTRE_WIDE = frozenset({Role.ADMISSIONS, Role.CASE_MANAGER, Role.MANAGER})


def may(by: Staff, action: str) -> bool:
    """Whether this member of staff may do this at all. An action that is not in the table is a mistake of ours."""
    if by.role not in ACTIONS[action] or not by.is_active:
        return False
    return by.may_prescribe or action not in PRESCRIBING


def require(by: Staff, action: str) -> None:
    """Raises NotAllowed, which names who may."""
    if not may(by, action):
        raise NotAllowed(f"{by.name or by.username} ({_who(by)}) may not do this. It is for {who_may(action)}.")


def require_any(by: Staff, *actions: str) -> None:
    """Raises NotAllowed unless one of `actions` is allowed; the message is that of the first."""
    if not any(may(by, action) for action in actions):
        require(by, actions[0])


def who_may(action: str) -> str:
    """The roles that may, in words: "a physician or a nurse who may prescribe"."""
    roles = [role.label for role in Role if role in ACTIONS[action]]
    named = roles[0] if len(roles) == 1 else f"{', '.join(roles[:-1])} or {roles[-1]}"
    return f"those given the right to prescribe ({named})" if action in PRESCRIBING else named


def _who(by: Staff) -> str:
    if not by.is_active:
        return "account closed"
    return by.get_role_display() or "no role"
