"""The role table, written out by hand once more, allowed and refused, role by role."""

from __future__ import annotations

import pytest

from glidepath.record.errors import NotAllowed
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import ACTIONS, MAY_HOLD_PRESCRIBING, PRESCRIBING, may, require, who_may

# What each role may do, from the centre's role matrix. Marked *: only with the right to prescribe, given by name.
PRESCRIBER = (
    "discharge.close* event.review* alarm.close_hard_stop* taper.plan* taper.sign* taper.change* taper.release* "
    "taper.review* order.sign* order.stop* medicine.decide* observation_plan.set*"
)
ASSESSES = "incident.report fact.settle form.review assessment.sign incident.read incident.debrief "
EXPECTED: dict[Role, str] = {
    Role.PHYSICIAN: "dose.witness measurement.record note.read note.write order.cosign "
    "on_call.read call.own on_call.keep alarm.order alarm.report handover.read handover.sign "
    + ASSESSES
    + "incident.letter register.read register.witness difference.open own_medicines.read "
    "alarm.close_suicide_risk safety.read safety.write "
    "form.read form.fill form.ask_for "
    "person.read identity.read people.search person.register person.edit contact.edit allergy.record "
    "screen.prepare screen.decide diagnosis.confirm "
    "consent.record episode.enquire episode.admit team.change discharge.prepare break_glass assessment.record "
    "fact.record observe level.record sleep.record event.record alarm.acknowledge alarm.attend alarm.close taper.read "
    "order.read taper.second_sign taper.day_review settings.read shift.work plan.read plan.write plan.sign "
    + PRESCRIBER,
    Role.NURSE: "dose.witness leave.pack measurement.record note.read note.write order.take "
    "on_call.read call.own on_call.keep alarm.order alarm.report handover.read handover.sign "
    + ASSESSES
    + "incident.letter safety.read safety.write "
    "register.read register.write register.count register.witness difference.open "
    "own_medicines.read own_medicines.keep "
    "form.read form.fill form.ask_for "
    "person.read identity.read people.search person.register person.edit contact.edit allergy.record "
    "screen.prepare "
    "consent.record episode.enquire episode.admit bed.move team.change discharge.prepare break_glass "
    "assessment.record fact.record observe level.record sleep.record event.record alarm.acknowledge alarm.attend "
    "alarm.close taper.read taper.second_sign taper.day_review order.read dose.give dose.answer dose.correct "
    "settings.read shift.work plan.read plan.write plan.sign " + PRESCRIBER,
    Role.PHARMACIST: "dose.witness note.read order.cosign order.take "
    "on_call.read call.own alarm.order handover.read " + ASSESSES + "safety.read "
    "register.read register.write register.count register.witness register.keep difference.open difference.close "
    "own_medicines.read own_medicines.keep "
    "form.read medicine.check "
    "person.read identity.read people.search allergy.record break_glass assessment.record "
    "fact.record event.record alarm.acknowledge alarm.attend taper.read taper.second_sign order.read settings.read "
    "product.change product.allow_split shift.work plan.read " + PRESCRIBER,
    Role.COUNSELLOR: "note.read note.write note.write_apart "
    "on_call.read call.own handover.read " + ASSESSES + "safety.read safety.write "
    "form.read form.fill "
    "person.read identity.read people.search consent.record break_glass fact.record sleep.record "
    "event.record alarm.acknowledge alarm.attend taper.read order.read settings.read shift.work "
    "plan.read plan.write plan.sign",
    Role.PSYCHOLOGIST: "note.read note.write note.write_apart "
    "on_call.read call.own handover.read " + ASSESSES + "alarm.close_suicide_risk safety.read safety.write "
    "form.read form.fill form.ask_for diagnosis.confirm "
    "person.read identity.read people.search consent.record break_glass assessment.record "
    "fact.record sleep.record event.record alarm.acknowledge alarm.attend taper.read order.read settings.read "
    "shift.work plan.read plan.write plan.sign",
    Role.CASE_MANAGER: "note.read note.write "
    "on_call.read call.own "
    "safety.read form.read "
    "person.read identity.read people.search person.edit contact.edit consent.record "
    "episode.enquire bed.move team.change discharge.prepare taper.read shift.work plan.read plan.write plan.sign",
    Role.ADMISSIONS: "form.fill screen.prepare "
    "identity.read people.search person.register person.edit contact.edit allergy.record "
    "consent.record episode.enquire episode.admit bed.move assessment.record fact.record",
    Role.PEER_WORKER: "on_call.read call.own shift.work",
    Role.MANAGER: "on_call.read call.own on_call.keep alarm.report incident.report "
    "instrument.change incident.read incident.review register.read difference.open difference.cosign "
    "identity.read people.search bed.move team.change settings.read settings.change audit.read "
    "glass.review",
    Role.AUDITOR: "alarm.report incident.report settings.read audit.read register.read",
    Role.ADMINISTRATOR: "settings.read staff.manage",
}
CLINICAL_READS = ("person.read", "identity.read", "people.search", "taper.read", "order.read", "plan.read", "form.read")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_each_role_may_what_the_matrix_says_and_nothing_else(role: Role, action: str) -> None:
    allowed = EXPECTED[role].split()
    assert may(_one(role, may_prescribe=True), action) is (action in allowed or f"{action}*" in allowed)
    assert may(_one(role), action) is (action in allowed)


@pytest.mark.parametrize("action", CLINICAL_READS)
def test_an_administrator_reads_nothing_clinical(action: str) -> None:
    assert not may(_one(Role.ADMINISTRATOR, may_prescribe=True), action)


@pytest.mark.parametrize("action", sorted(PRESCRIBING))
def test_prescribing_is_given_by_name_and_no_job_title(action: str) -> None:
    assert not may(_one(Role.PHYSICIAN), action)
    assert may(_one(Role.NURSE, may_prescribe=True), action)
    assert ACTIONS[action] == MAY_HOLD_PRESCRIBING


def test_a_closed_account_may_nothing() -> None:
    one = _one(Role.PHYSICIAN, may_prescribe=True)
    one.is_active = False
    assert not any(may(one, action) for action in ACTIONS)


def test_a_refusal_names_who_may() -> None:
    with pytest.raises(NotAllowed, match="It is for nurse"):
        require(_one(Role.COUNSELLOR), "dose.give")
    assert who_may("order.sign") == "those given the right to prescribe (physician, nurse or pharmacist)"


def test_an_action_nobody_defined_is_a_mistake_and_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        may(_one(Role.NURSE), "dose.forget")


def _one(role: Role, *, may_prescribe: bool = False) -> Staff:
    return Staff(username="x", name="Marta", role=role, may_prescribe=may_prescribe)
