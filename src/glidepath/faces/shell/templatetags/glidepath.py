"""Tags and filters of every page: thin covers over words.py, pills.py, findings.py, banner.py and navigation.py."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.forms import BoundField, NumberInput, RadioSelect
from django.http import HttpRequest
from django.template import Context
from django.template.base import render_value_in_context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.html import format_html
from django.utils.safestring import SafeString

from glidepath.clinical.dosing.plan import Made
from glidepath.clinical.findings import Finding
from glidepath.faces.shell import banner, chips, findings, navigation, pills, steps, words
from glidepath.record import clock as record_clock
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may

if TYPE_CHECKING:
    from glidepath.care.taper.shown import StepLine

register = template.Library()

STATUS_ICONS = {
    "done": "check",
    "due": "clock",
    "late": "warn",
    "overdue": "warn",
    "stop": "pause",  # held for safety
    "hold": "pause",  # on hold by plan
    "not": "cross",
    "partial": "pen",
    "stale": "clock",
}


STEP_STATUS = {"now": ("done", "now"), "hold": ("hold", "on hold")}


# --- Amounts ---------------------------------------------------------------------------------------------------------
@register.filter
def mg(value: words.Amount | None) -> str:
    """{{ dose|mg }}: "2.5 mg". Nothing for None: a missing amount is drawn by the page, never as zero."""
    return "" if value is None or value == "" else words.mg(value)


@register.filter
def ng_mg(nanograms: int | None) -> str:
    """{{ row.ng|ng_mg }}: a stored amount as "2.5 mg"."""
    return "" if nanograms is None or nanograms == "" else words.mg_from_ng(nanograms)


@register.filter
def figure(value: words.Amount | None) -> str:
    """{{ dose|figure }}: the number alone, for a table whose head names the unit."""
    return "" if value is None or value == "" else words.figure(value)


@register.filter
def percent(ratio: Any) -> str:
    """{{ cut|percent }}: an exact ratio as "9.1 %"."""
    return "" if ratio is None or ratio == "" else words.percent(ratio)


@register.simple_tag(takes_context=True)
def seal(context: Context, subject: object) -> str:
    """{% seal form.public_id %}: the key under which what waits for the network is kept in the browser's storage. The
    same for the same person at the same thing, also after they signed in again; nobody else is given it."""
    user = getattr(context.get("request"), "user", None)
    made = salted_hmac("glidepath.waiting", f"{getattr(user, 'pk', None)}:{subject}", algorithm="sha256").digest()
    return base64.b64encode(made).decode()


# --- Times: on the centre's clock, which a middleware makes the current time zone ------------------------------------
@register.filter
def localtime(moment: dt.datetime | None) -> dt.datetime | None:
    """The moment on the centre's clock."""
    return None if not moment else timezone.localtime(moment)


@register.filter
def clock(moment: dt.datetime | dt.time | None) -> str:
    """{{ moment|clock }}: "14:05"."""
    return "" if not moment else words.clock(_local(moment))


@register.filter
def when(moment: dt.datetime | None) -> str:
    """{{ moment|when }}: "22:05" of today, else "27 Nov 22:05"."""
    return "" if not moment else words.when(timezone.localtime(moment), timezone.localtime(record_clock.now()).date())


@register.filter
def hours(minutes: int | None) -> str:
    """{{ row.minutes|hours }}: "5 h 30 min", "45 min"; "0 h" is an answer."""
    return "" if minutes is None else words.exactly(minutes)


@register.filter
def day(moment: dt.date | dt.datetime | None) -> str:
    """{{ moment|day }}: "17 Nov", with the year where it is not this one."""
    if not moment:
        return ""
    return words.day(_date(moment), timezone.localtime(record_clock.now()).date())


@register.filter
def weekday(moment: dt.date | dt.datetime | None) -> str:
    """{{ moment|weekday }}: "Tue 17 Nov"."""
    return "" if not moment else words.weekday(_date(moment))


@register.filter
def birth_date(date: dt.date | None) -> str:
    """{{ person.birth_date|birth_date }}: "12-Mar-1979"."""
    return "" if not date else words.birth_date(date)


@register.filter
def ago(moment: dt.datetime | None) -> str:
    """{{ moment|ago }}: "3 min ago", "in 2 h"."""
    return "" if not moment else words.ago(moment, record_clock.now())


@register.filter
def over(due: dt.datetime | None) -> str:
    """{{ due_at|over }}: "74 min over", or nothing before it is due."""
    return "" if not due else words.over(due, record_clock.now())


@register.filter
def initials(name: str) -> str:
    return words.initials(name)


# --- Marks -----------------------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """{% icon "check" %}, {% icon "check" "icon--lg" %}: decoration; the word stands beside it."""
    classes = f"icon {more}".strip()
    address = static("glidepath/icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>', classes, address, name)


@register.inclusion_tag("components/status.html")
def status(kind: str, text: str) -> dict[str, str]:
    """{% status "overdue" "74 min over" %}: done, due, late, overdue, stop, hold, not, partial or stale."""
    return {"kind": kind, "text": text, "icon_name": STATUS_ICONS[kind]}


@register.simple_tag(name="pills")
def pills_tag(made: Iterable[Made], size: str = "") -> SafeString:
    """{% pills dose.made %}, {% pills dose.made "lg" %}: the pieces drawn, with their words for those who listen."""
    return _pills(tuple(made), size)


@lru_cache(maxsize=2048)
def _pills(made: tuple[Made, ...], size: str) -> SafeString:
    """The same pieces look the same in every row of a plan."""
    inputs = {"pills": pills.drawn(made), "words": pills.in_words(made), "size": size}
    return render_to_string("components/pills.html", inputs)


@register.simple_tag
def step_rows(lines: Iterable[StepLine], several: bool) -> SafeString:
    """{% step_rows lines table.several %}: the rows of a table of steps."""
    return steps.rows(lines, several=several, pieces=_small_pills, state=_step_state, day=day)


def _small_pills(made: tuple[Made, ...]) -> SafeString:
    return _pills(made, "sm")


@lru_cache(maxsize=32)
def _step_state(state: str, changed: bool) -> SafeString:
    """The last cell of a step's row: where it stands."""
    if state == "past":
        return SafeString('<td><span class="quiet">past</span></td>')
    if state in STEP_STATUS:
        return format_html("<td>{}</td>", render_to_string("components/status.html", status(*STEP_STATUS[state])))
    return format_html('<td><span class="tag tag--line">{}{}</span></td>', state, ", changed" if changed else "")


@register.filter
def made_in_words(made: Iterable[Made]) -> str:
    """{{ dose.made|made_in_words }}: "1 × 10 mg tablet and half a 5 mg tablet"."""
    return pills.in_words(made)


@register.inclusion_tag("components/finding.html")
def finding(one: Finding) -> dict[str, Any]:
    return {"shown": findings.shown(one)}


@register.inclusion_tag("components/findings.html", name="findings")
def findings_tag(all_of_them: Iterable[Finding], heading: str = "Findings") -> dict[str, Any]:
    """{% findings result.findings %}: a card, heaviest first; with none it says that nothing was found."""
    listed = list(all_of_them)
    return {"shown": findings.in_order(listed), "counted": findings.counted(listed), "heading": heading}


# --- Forms -----------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/field.html")
def field(bound: BoundField, hint: str = "") -> dict[str, Any]:
    """{% field form.phone %}: label, hint, error above the box, and the box with what was typed."""
    return {"field": bound, "hint": hint or bound.help_text, "box": _box(bound, bool(hint or bound.help_text))}


@register.simple_tag(takes_context=True)
def chip_labels(context: Context) -> SafeString:
    """{% chip_labels %}: the choices of components/chips.html, which names what it takes."""
    return chips.labels(
        context.get("name"),
        context.get("choices") or (),
        chosen=context.get("values") or () if context.get("many") else context.get("value"),
        many=bool(context.get("many")),
        written=lambda value: render_value_in_context(value, context),
    )


@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """{% once %}: the key by which a repeated submit does nothing twice. A form that came back keeps its key."""
    request: HttpRequest | None = context.get("request")
    kept = request.POST.get("once", "") if request is not None else ""
    return format_html('<input type="hidden" name="once" value="{}">', kept or uuid.uuid4().hex)


@register.simple_tag(takes_context=True)
def can(context: Context, action: str) -> bool:
    """{% can "taper.sign" as may_sign %}: whether the viewer's role covers the act. A service asks again."""
    viewer = context["request"].user
    return not isinstance(viewer, AnonymousUser) and may(viewer, action)


# --- Boxes -----------------------------------------------------------------------------------------------------------
@register.simple_block_tag
def card(content: SafeString, title: str, note: str = "", key: str = "", kind: str = "") -> SafeString:
    """{% card "Findings" note="2 warnings" key="fd" kind="current" %} ... {% endcard %}: the one container."""
    heading = key or f"card-{uuid.uuid4().hex[:8]}"
    return SafeString(
        template.loader.render_to_string(
            "components/card.html",
            {"content": content, "title": title, "note": note, "heading": heading, "kind": kind},
        )
    )


@register.simple_block_tag
def dock(content: SafeString, label: str = "Actions") -> SafeString:
    """{% dock %} ... {% enddock %}: the one action bar at the foot of a round."""
    return format_html('<section class="dock no-print" aria-label="{}">{}</section>', label, content)


# --- The person ------------------------------------------------------------------------------------------------------
@register.inclusion_tag("components/banner.html", takes_context=True)
def person_banner(context: Context, person: Person) -> dict[str, Any]:
    """{% person_banner person %}: who this is and what could hurt them.

    A page that knows all of it hands in `banner`; one that read a part hands that on as `read` (shell.banner).
    """
    shown = context.get("banner") or banner.banner_for(context["request"], person, context.get("read") or {})
    return {"banner": shown}


@register.inclusion_tag("components/tabs.html", takes_context=True)
def person_tabs(context: Context, person: Person, here: str = "") -> dict[str, Any]:
    """{% person_tabs person "taper" %}: the parts of the chart this viewer may open."""
    return {"links": navigation.tabs(context["request"], person, here)}


def _local(moment: dt.datetime | dt.time) -> dt.datetime | dt.time:
    return timezone.localtime(moment) if isinstance(moment, dt.datetime) else moment


def _date(moment: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(moment).date() if isinstance(moment, dt.datetime) else moment


def _box(bound: BoundField, has_hint: bool) -> SafeString:
    """The widget with our class and with its error and hint named to those who listen."""
    widget = bound.field.widget
    described = [f"{bound.auto_id}-error"] if bound.errors else []
    described += [f"{bound.auto_id}-hint"] if has_hint else []
    attrs: dict[str, str | bool] = {}
    if not isinstance(widget, RadioSelect):  # a list of choices is no box; CheckboxSelectMultiple is one of its kind
        attrs["class"] = f"input {widget.attrs.get('class', '')}".strip()
    if isinstance(widget, NumberInput):
        # A number box shows nothing for "17,3" or "half": what was typed must come back, so it is a text box.
        widget.input_type = "text"
        attrs["inputmode"] = "decimal"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return bound.as_widget(attrs=attrs)
