"""Where one can go: the places in the bar, and the tabs of a person's chart. Each is shown to whom it is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from glidepath.record.episodes.queries import may_see
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import CENTRE_WIDE, may


@dataclass(frozen=True, slots=True)
class Place:
    """A link: its word, the name of its address, and what one of which must be allowed. `key` marks where one is."""

    word: str
    name: str
    actions: tuple[str, ...]
    key: str = ""
    within: str = ""  # who may do this reaches it from another place, and the bar stays in one row

    def is_open_to(self, viewer: Staff) -> bool:
        if self.within and may(viewer, self.within):
            return False
        return any(may(viewer, action) for action in self.actions)


@dataclass(frozen=True, slots=True)
class Link:
    word: str
    address: str
    is_here: bool


PLACES = (
    Place("Unit", "ward:unit", ("person.read", "bed.move")),
    Place("Medicines", "medication:round", ("dose.give",)),
    Place("Round", "monitoring:round", ("observe",)),
    Place("Register", "supply:register", ("register.read",)),
    Place("Forms", "instruments:waiting", ("form.fill",)),
    Place("Handover", "handover:mine", ("handover.sign",)),
    Place("People", "ward:people", ("people.search",)),
    Place("Admit", "flow:admit", ("episode.admit",)),
    Place("On call", "alarms:on_call", ("on_call.keep",), within="handover.sign"),
    Place("Settings", "centres:settings", ("settings.read",)),
    Place("Audit", "audit:lines", ("audit.read",)),
    Place("Accounts", "accounts:list", ("staff.manage",)),
)

TABS = (
    Place("Glidepath", "ward:chart", ("person.read",), "glidepath"),
    Place("Taper", "taper:plan", ("taper.read",), "taper"),
    Place("Plan", "planning:plan", ("plan.read",), "plan"),
    Place("Assessment", "assessment:overview", ("person.read",), "assessment"),
    Place("Medicines", "medication:person", ("order.read",), "medicines"),
    Place("Observations", "monitoring:person", ("observe", "person.read"), "observations"),
    Place("Notes", "notes:notes", ("note.read",), "notes"),
    Place("Forms", "instruments:forms", ("form.read", "form.fill"), "forms"),
    Place("Record", "people:identity", ("identity.read",), "record"),
    Place("Discharge", "flow:discharge", ("discharge.prepare", "discharge.close"), "discharge"),
)


def places(request: HttpRequest) -> list[Link]:
    """The places this viewer may go to, the present one marked."""
    viewer = request.user
    if not isinstance(viewer, Staff):
        return []
    found = [(place, address_of(place)) for place in _open(PLACES, viewer)]
    return [Link(place.word, address, request.path.startswith(address)) for place, address in found if address]


def tabs(request: HttpRequest, person: Person, here: str = "") -> list[Link]:
    """The parts of this person's chart. `here`: the key of the one that is open."""
    viewer = request.user
    if not isinstance(viewer, Staff):
        return []
    offered = _open(TABS, viewer)
    if viewer.role in CENTRE_WIDE:  # they reach the identity of everybody, and the chart only of those in their care
        offered = [tab for tab in offered if any(may_see(viewer, person, action=one) for one in tab.actions)]
    found = [(tab, address_of(tab, person.public_id)) for tab in offered]
    return [Link(tab.word, address, tab.key == here) for tab, address in found if address]


def address_of(place: Place, *args: object) -> str:
    """Where the place is; empty where its room is not installed in this centre."""
    try:
        return reverse(place.name, args=args)
    except NoReverseMatch:
        return ""


def _open(offered: Iterable[Place], viewer: Staff) -> list[Place]:
    return [place for place in offered if place.is_open_to(viewer)]
