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
_PLANNERS = frozenset({Role.PHYSICIAN, Role.NURSE, Role.COUNSELLOR, Role.PSYCHOLOGIST, Role.CASE_MANAGER})
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
    "screen.prepare": _BEDSIDE | {Role.ADMISSIONS},  # who takes the call asks; a physician decides
    "screen.decide": _PHYSICIAN,
    "bed.move": _NURSE | _DESK | {Role.MANAGER},  # narrower than the matrix: a counsellor moves nobody
    "team.change": _BEDSIDE | {Role.CASE_MANAGER, Role.MANAGER},
    "discharge.prepare": _BEDSIDE | {Role.CASE_MANAGER},
    "discharge.close": MAY_HOLD_PRESCRIBING,
    "break_glass": CLINICAL,
    # what is asked and seen
    "assessment.record": _BEDSIDE | {Role.PHARMACIST, Role.PSYCHOLOGIST, Role.ADMISSIONS},  # no doses by counsellors
    "fact.record": CLINICAL | {Role.ADMISSIONS},  # what people tell of themselves, which is no diagnosis of ours
    "form.read": CLINICAL | {Role.CASE_MANAGER},
    "form.fill": _BEDSIDE | {Role.COUNSELLOR, Role.PSYCHOLOGIST, Role.ADMISSIONS},  # at the first call too
    "form.ask_for": _BEDSIDE | {Role.PSYCHOLOGIST},
    "form.review": CLINICAL,  # to have read a result, by name
    "fact.settle": CLINICAL,  # which of two answers counts; both stay
    "assessment.sign": CLINICAL,  # what oneself wrote
    "diagnosis.confirm": frozenset({Role.PHYSICIAN, Role.PSYCHOLOGIST}),  # a suggested code becomes a diagnosis
    "medicine.decide": MAY_HOLD_PRESCRIBING,
    "medicine.check": _PHARMACIST,
    "observe": _BEDSIDE,
    "observation_plan.set": MAY_HOLD_PRESCRIBING,  # how often, and by which scales: the one way to look less often
    "measurement.record": _BEDSIDE,  # weight, glucose, fluids, ECG and laboratory values, by hand or from a file
    "level.record": _BEDSIDE,  # a level in plasma, copied from the laboratory's sheet
    "sleep.record": _BEDSIDE | {Role.COUNSELLOR, Role.PSYCHOLOGIST},
    "event.record": CLINICAL,  # whoever sees it writes it
    "event.review": MAY_HOLD_PRESCRIBING,
    # an emergency and what is learned from it: a manager reads its minutes, not the chart
    "incident.read": CLINICAL | {Role.MANAGER},
    "incident.letter": _BEDSIDE,  # prints the transfer letter, and says who had it
    "incident.debrief": CLINICAL,
    "incident.review": frozenset({Role.MANAGER}),  # beside a prescriber, who signs as such (event.review)
    "incident.report": CLINICAL | {Role.MANAGER, Role.AUDITOR},  # numbers by kind and month; it names nobody
    "alarm.acknowledge": CLINICAL,
    "alarm.attend": CLINICAL,
    "alarm.close": _BEDSIDE,
    "alarm.close_hard_stop": MAY_HOLD_PRESCRIBING,
    "alarm.close_suicide_risk": _PHYSICIAN | {Role.PSYCHOLOGIST},  # a named clinician; no prescribing
    "alarm.order": _BEDSIDE | {Role.PHARMACIST},  # writes down who ordered what: what counts is whose order it is
    "alarm.report": _BEDSIDE | {Role.MANAGER, Role.AUDITOR},  # numbers by kind of alarm; it names nobody
    # notes: what is kept apart is read by its author alone; a peer worker reads and writes none here, narrower than the
    # matrix, until contact notes of their own are built
    "note.read": CLINICAL | {Role.CASE_MANAGER},
    "note.write": _PLANNERS,
    "note.write_apart": frozenset({Role.COUNSELLOR, Role.PSYCHOLOGIST}),
    # the risk of suicide: who talks with the person writes it down, and makes the safety plan with them
    "safety.read": CLINICAL | {Role.CASE_MANAGER},
    "safety.write": _BEDSIDE | {Role.COUNSELLOR, Role.PSYCHOLOGIST},
    "handover.read": CLINICAL,
    "handover.sign": _BEDSIDE,  # gives or takes over a unit, on shift there
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
    "order.take": _NURSE | _PHARMACIST,  # by word of mouth, read back; the prescriber signs it afterwards
    "order.cosign": _PHYSICIAN | _PHARMACIST,  # the second signature under an order; itself no prescribing
    "dose.witness": _BEDSIDE | _PHARMACIST,  # who saw it, on duty, proves it there
    "leave.pack": _NURSE,  # doses to take along: counted out, explained, counted back
    "dose.give": _NURSE,
    "dose.answer": _NURSE,
    "dose.correct": _NURSE,
    # the treatment plan: all who care write one plan; a pharmacist reads it, a peer worker does neither
    "plan.read": CLINICAL | {Role.CASE_MANAGER},
    "plan.write": _PLANNERS,  # the draft, a review, what serves what
    "plan.sign": _PLANNERS,
    # the centre
    "settings.read": CLINICAL | {Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR},
    "settings.change": frozenset({Role.MANAGER}),
    "instrument.change": frozenset({Role.MANAGER}),  # licences are the centre's: its words, and its own forms
    "product.change": _PHARMACIST,
    "product.allow_split": _PHARMACIST,
    # the controlled-drug register
    "register.read": _BEDSIDE | {Role.PHARMACIST, Role.MANAGER, Role.AUDITOR},
    "register.write": _NURSE | _PHARMACIST,  # receive, transfer, waste, destroy, counter-entry; each with a second
    "register.count": _NURSE | _PHARMACIST,
    "register.witness": _BEDSIDE | {Role.PHARMACIST},
    "register.keep": _PHARMACIST,  # locations, opening stock, recalls
    "difference.open": _BEDSIDE | {Role.PHARMACIST, Role.MANAGER},  # must be easy: no second person
    "difference.close": _PHARMACIST,
    "difference.cosign": frozenset({Role.MANAGER}),  # beside the pharmacist
    "own_medicines.read": _BEDSIDE | {Role.PHARMACIST},
    "own_medicines.keep": _NURSE | _PHARMACIST,
    "staff.manage": frozenset(
        {Role.ADMINISTRATOR}
    ),  # the manager approves no grant yet; both read the signed line of it
    "shift.work": WORKS_SHIFTS,  # all a peer worker may: names and notes of those they walk with are not built
    "on_call.read": WORKS_SHIFTS | {Role.MANAGER},
    "on_call.keep": _BEDSIDE | {Role.MANAGER},  # the handover keeps it; at night no manager is in the house
    "call.own": WORKS_SHIFTS | {Role.MANAGER},  # by which way one is called oneself
    "audit.read": frozenset({Role.MANAGER, Role.AUDITOR}),  # an administrator checks the chain at the machine itself
    "glass.review": frozenset({Role.MANAGER}),  # the auditor reads the reviews and writes none
}

PRESCRIBING: frozenset[str] = frozenset(
    {
        "discharge.close",
        "medicine.decide",
        "event.review",
        "observation_plan.set",
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
        "incident.read",  # a manager's: what happened and when, and no notes
        "incident.review",
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
