"""An answer that calls for somebody raises its alarm with it, in the same transaction, or neither is kept."""

from __future__ import annotations

from glidepath.care.alarms.models import Alarm, Rank
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.instruments.kept import plain_finding
from glidepath.care.instruments.models import Form, GivenAnswer, RaisedAlert, Way
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.instruments.filling import Filling
from glidepath.clinical.instruments.scoring import score

LONGEST = 600  # characters of an alarm's message, and of what to do


def called_for(before: Filling, after: Filling, item: str) -> tuple[Finding, ...]:
    """What the newest answer calls for. item: what it answered, empty for the question before the scale.

    That is what stands with it and would not stand without it, so that a worse answer calls again; and whatever
    stands and was never raised. The same answer given once more calls for nothing new.
    """
    again = before.gate == after.gate if not item else before.answers.get(item) == after.answers[item]
    others = frozenset(_standing(after, without=item))
    ever = frozenset(before.alerts)
    return tuple(one for one in _standing(after) if one not in ever or (not again and one not in others))


def raise_all(form: Form, answer: GivenAnswer, findings: tuple[Finding, ...]) -> tuple[RaisedAlert, ...]:
    """Each finding as an alarm for this person, with what ties it to the answer."""
    return tuple(
        RaisedAlert.objects.create(
            centre_id=form.centre_id,
            form=form,
            answer=answer,
            alarm=_alarm(form, answer, one),
            finding=plain_finding(one),
        )
        for one in findings
    )


def _alarm(form: Form, answer: GivenAnswer, finding: Finding) -> Alarm:
    hard = finding.severity is Severity.HARD_STOP
    do = f"{_where(form, answer)}{finding.do}"
    return raise_alarm(
        person=form.person,
        cause=finding.code,
        rank=Rank.NOW if hard else Rank.SOON,
        message=finding.message[:LONGEST],
        do=do[:LONGEST],
        by=answer.recorded_by,
        pauses_taper=hard,
        prescriber_closes=hard,
    )


def _where(form: Form, answer: GivenAnswer) -> str:
    """Where the person is: who answers by link is not on the ward, and nobody is with them."""
    if answer.way == Way.TABLET:
        return "They answer alone, on the ward's tablet. "
    if answer.way != Way.LINK:
        return ""
    phone = form.person.phone
    return f"They answered by link and may be anywhere: telephone now, {phone}. " if phone else (
        "They answered by link and may be anywhere. No telephone number of theirs is known here. "
    )  # fmt: skip


def _standing(filling: Filling, *, without: str | None = None) -> tuple[Finding, ...]:
    """What the answers call for as they stand; without: as if this one had not been given."""
    if not filling.instrument.alerts:
        return ()
    answers = {key: answer for key, answer in filling.answers.items() if key != without}
    gate = None if without == "" else filling.gate
    return score(filling.instrument, answers, gate=gate, about=filling.about).alerts
