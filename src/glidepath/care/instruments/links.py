"""A signed link: one form, one person, an end date, and a birth-date check. A refusal says nothing to whoever tries.

The token is 32 random bytes, so a plain digest keeps it; only the digest is stored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.db import transaction

from glidepath.care.instruments.models import Form, FormClosed, FormLink, FormSetAside
from glidepath.record import clock
from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

TOKEN_BYTES = 32
MOST_DAYS = 30  # ours: a link does not outlive the window of a form by long
TRIES = 5  # wrong birth dates before a link is shut for good
REFUSED = (
    "This link and this birth date do not open a form. Look at the date again. A link ends on its day, after the form "
    "is finished, and after a few wrong dates: then ask the centre for a new one."
)


@transaction.atomic
def make_link(*, form: Form, ends_at: dt.datetime, by: Staff) -> tuple[FormLink, str]:
    """A link to this form, and its token, which is shown once. An earlier link of the form is withdrawn.

    ends_at: aware, ahead, at most MOST_DAYS. The form is one that the person fills in alone. Raises BadInput.
    """
    require(by, "form.fill")
    if form.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    if form.filled_by != "self":
        raise BadInput(
            "This form is filled in by staff. For a link, open one that the person fills in themselves.",
            field="ends_at",
        )
    now = clock.now()
    if not now < ends_at <= now + dt.timedelta(days=MOST_DAYS):
        raise BadInput(f"A link ends after now and within {MOST_DAYS} days. Choose another day.", field="ends_at")
    Person.objects.select_for_update().get(pk=form.person_id)
    _refuse_ended(form)
    for earlier in FormLink.objects.select_for_update().filter(form=form, withdrawn_at__isnull=True):
        _withdraw(earlier, by, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = FormLink.objects.create(
        centre_id=form.centre_id, form=form, token_hash=_digest(token), made_by=by, made_at=now, ends_at=ends_at
    )
    audit.write("form.link_made", by=by, centre=form.centre, person=form.person, about=link)
    return link, token


@transaction.atomic
def withdraw_link(*, link: FormLink, by: Staff) -> FormLink:
    """The link opens nothing from now on. What was answered through it stays."""
    require(by, "form.fill")
    if link.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    locked = (
        FormLink.objects.select_for_update(of=("self",)).select_related("form__person", "form__centre").get(pk=link.pk)
    )
    if locked.withdrawn_at is None:
        _withdraw(locked, by, clock.now())
        audit.write("form.link_withdrawn", by=by, centre=locked.form.centre, person=locked.form.person, about=locked)
    return locked


def open_by_link(*, token: str, birth_date: dt.date) -> FormLink:
    """The link of this token, where it is open and the birth date is its person's. Raises BadInput, always the same.

    A wrong date is counted in its own transaction, which stays though the call is refused.
    """
    with transaction.atomic():
        link = _locked(token)
        fits = _same(birth_date, link.form.person.birth_date if link else dt.date.min)
        if link is not None and is_open(link):
            _note(link, fits=fits)
            if fits:
                return link
    raise BadInput(REFUSED, field="birth_date")


def link_at(token: str, pk: int) -> FormLink | None:
    """The open link of this token, if it is the one whose birth date was checked in this session."""
    link = FormLink.objects.filter(token_hash=_digest(token), pk=pk).select_related("form__person__centre").first()
    return link if link is not None and is_open(link) else None


def is_open(link: FormLink) -> bool:
    """Whether the link still leads to its form: not ended, not withdrawn, not shut by wrong dates."""
    shut = link.withdrawn_at is not None or link.wrong_birth_dates >= TRIES
    return not shut and clock.now() < link.ends_at and not _set_aside(link.form)


def _locked(token: str) -> FormLink | None:
    rows = FormLink.objects.select_for_update(of=("self",)).select_related("form__person", "form__centre")
    return rows.filter(token_hash=_digest(token)).first()


def _note(link: FormLink, *, fits: bool) -> None:
    """The try, on the link and in the chain: the line names nobody as its author, since nobody is signed in."""
    if fits:
        link.used_at = link.used_at or clock.now()
        link.save(update_fields=["used_at"])
    else:
        link.wrong_birth_dates += 1
        link.save(update_fields=["wrong_birth_dates"])
    form = link.form
    action, kind = ("form.link_opened", "session") if fits else ("form.link_refused", "deny")
    audit.write(action, by=None, centre=form.centre, kind=kind, person=form.person, about=link)  # type: ignore[arg-type]


def _withdraw(link: FormLink, by: Staff, now: dt.datetime) -> None:
    link.withdrawn_at, link.withdrawn_by = now, by
    link.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _refuse_ended(form: Form) -> None:
    closing = FormClosed.objects.filter(form=form).first()
    if closing is not None or _set_aside(form):
        raise ChangedMeanwhile(
            "This form is finished already. Open a new one.", by="", at=closing.recorded_at if closing else clock.now()
        )


def _set_aside(form: Form) -> bool:
    return FormSetAside.objects.filter(form=form).exists()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _same(given: dt.date, right: dt.date) -> bool:
    return secrets.compare_digest(given.isoformat(), right.isoformat())
