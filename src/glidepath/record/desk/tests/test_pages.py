"""The record's pages: no page without its line, nothing typed is lost, and who has no tie meets the glass."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from glidepath.record.audit import services as audit
from glidepath.record.audit.models import AuditLine
from glidepath.record.centres import services as centres
from glidepath.record.consent.queries import standing
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import BreakGlass, Stage
from glidepath.record.episodes.queries import bed_of, care_team, may_see
from glidepath.record.people import services as people
from glidepath.record.people.models import Person
from glidepath.record.people.queries import allergies, contacts, person_version
from tests.cast import PIN, Cast, admitted_person, client_for, enquiring_person, episode_of, proof

pytestmark = pytest.mark.django_db

PERSON_PAGES = (
    "people:identity",
    "people:allergies",
    "people:contacts",
    "consent:person",
    "episodes:team",
    "episodes:move",
)


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_each_page_about_a_person_leaves_one_line_that_names_them(cast: Cast, person: Person, name: str) -> None:
    before = AuditLine.objects.filter(kind="read").count()
    answer = client_for(cast.nurse).get(_at(name, person))
    assert answer.status_code == 200
    line = AuditLine.objects.filter(kind="read").latest("seq")
    assert AuditLine.objects.filter(kind="read").count() == before + 1
    assert (line.actor_id, line.person_id) == (cast.nurse.pk, person.pk)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_no_line_no_page(cast: Cast, person: Person, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the chain cannot be written")

    client = client_for(cast.nurse)
    monkeypatch.setattr(audit, "write", broken)
    with pytest.raises(RuntimeError, match="cannot be written"):
        client.get(_at(name, person))


@pytest.mark.parametrize("name", PERSON_PAGES)
def test_who_is_not_signed_in_is_sent_to_sign_in(person: Person, name: str) -> None:
    answer = Client().get(_at(name, person))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PERSON_PAGES)
@pytest.mark.parametrize("role", ["peer_worker", "auditor", "administrator"])
def test_these_roles_are_refused_and_the_refusal_leaves_a_line(
    cast: Cast, person: Person, name: str, role: str
) -> None:
    assert client_for(getattr(cast, role)).get(_at(name, person)).status_code == 403
    line = AuditLine.objects.latest("pk")
    assert (line.kind, line.actor_id, line.code) == ("deny", getattr(cast, role).pk, name)


@pytest.mark.parametrize("name", [name for name in PERSON_PAGES if name != "episodes:move"])
def test_a_clinician_without_a_tie_is_shown_the_glass(cast: Cast, person: Person, name: str) -> None:
    answer = client_for(cast.off_shift_nurse).get(_at(name, person))
    assert answer.status_code == 302
    assert answer["Location"] == f"{_at('episodes:break_glass', person)}?next={_at(name, person).replace('/', '%2F')}"


@pytest.mark.parametrize("name", [*PERSON_PAGES, "episodes:break_glass"])
def test_for_another_centre_the_address_does_not_exist(cast: Cast, person: Person, name: str) -> None:
    assert client_for(cast.stranger).get(_at(name, person)).status_code == 404


def test_the_glass_page_shows_no_name(cast: Cast, person: Person) -> None:
    page = client_for(cast.off_shift_nurse).get(_at("episodes:break_glass", person)).content.decode()
    assert str(person.number) in page
    assert person.preferred_name not in page
    assert person.legal_name not in page


def test_breaking_the_glass_opens_the_page_that_was_asked_for(cast: Cast, person: Person) -> None:
    client = client_for(cast.off_shift_nurse)
    asked = _at("people:allergies", person)
    answer = client.post(_at("episodes:break_glass", person), _glass(next=asked))
    assert (answer.status_code, answer["Location"]) == (302, asked)
    assert client.get(asked).status_code == 200
    line = AuditLine.objects.get(kind="break_glass")
    assert (line.code, line.person_id) == ("emergency", person.pk)


def test_a_wrong_pin_breaks_no_glass_and_keeps_what_was_typed(cast: Cast, person: Person) -> None:
    answer = client_for(cast.off_shift_nurse).post(_at("episodes:break_glass", person), _glass(pin="1111"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "found on the stairs" in page
    assert "4 tries left" in page
    assert not BreakGlass.objects.exists()


def test_the_glass_leads_to_no_strange_address(cast: Cast, person: Person) -> None:
    client = client_for(cast.off_shift_nurse)
    answer = client.post(_at("episodes:break_glass", person), _glass(next="https://elsewhere.example/"))
    assert answer["Location"] == reverse("ward:chart", args=[person.public_id])


def test_a_second_submit_breaks_one_glass(cast: Cast, person: Person) -> None:
    client, form = client_for(cast.off_shift_nurse), _glass()
    for _ in range(2):
        client.post(_at("episodes:break_glass", person), form)
    assert BreakGlass.objects.count() == 1


def test_an_allergy_is_recorded_and_taken_back_with_its_reason(cast: Cast, person: Person) -> None:
    client = client_for(cast.nurse)
    page = _at("people:allergies", person)
    assert "Nobody has asked" in client.get(page).content.decode()
    client.post(_at("people:add_allergy", person), {"once": _key(), "substance": "penicillin", "reaction": "rash"})
    (standing_now,) = allergies(person).known
    refused = client.post(
        _at("people:take_back_allergy", person), {"once": _key(), "statement": standing_now.public_id, "reason": ""}
    )
    assert refused.status_code == 422
    client.post(
        _at("people:take_back_allergy", person),
        {"once": _key(), "statement": standing_now.public_id, "reason": "another person's"},
    )
    assert allergies(person).state == "not_asked"
    shown = client.get(page).content.decode()
    assert "taken back: penicillin" in shown


def test_no_known_allergies_takes_one_tap(cast: Cast, person: Person) -> None:
    client_for(cast.nurse).post(_at("people:no_known_allergies", person), {"once": _key()})
    assert allergies(person).state == "none_known"


def test_a_form_that_fails_keeps_what_was_typed(cast: Cast, person: Person) -> None:
    answer = client_for(cast.nurse).post(
        _at("people:add_allergy", person), {"once": _key(), "substance": "", "reaction": "swollen lips"}
    )
    assert answer.status_code == 422
    assert "swollen lips" in answer.content.decode()


def test_a_stale_identity_form_names_who_was_first_and_keeps_what_was_typed(cast: Cast, person: Person) -> None:
    client, seen = client_for(cast.nurse), person_version(person)
    people.edit(
        person=person,
        preferred_name="Danny",
        legal_name=person.legal_name,
        birth_date=person.birth_date,
        by=cast.physician,
    )
    form = {"seen": seen, "preferred_name": "Dan", "legal_name": person.legal_name, "birth_date": "1979-03-12"}
    answer = client.post(_at("people:identity", person), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "changed by Dr Ines Ferreira" in page
    assert 'value="Dan"' in page
    assert "Danny" in page
    again = client.post(_at("people:identity", person), {**form, "seen": person_version(person)})
    assert again.status_code == 302
    assert Person.objects.get(pk=person.pk).preferred_name == "Dan"


def test_a_manager_reads_who_somebody_is_and_changes_nothing(cast: Cast, person: Person) -> None:
    client = client_for(cast.manager)
    assert client.get(_at("people:identity", person)).status_code == 200
    form = {"seen": 1, "preferred_name": "X", "legal_name": "X", "birth_date": "1979-03-12"}
    assert client.post(_at("people:identity", person), form).status_code == 403


def test_a_contact_is_added_once_and_changed(cast: Cast, person: Person) -> None:
    client = client_for(cast.nurse)
    form = {"once": _key(), "name": "Ana Reyes", "relation": "sister", "may_be_told": "sleep and dates only"}
    for _ in range(2):
        assert client.post(_at("people:contacts", person), form).status_code == 302
    (contact,) = contacts(person)
    address = reverse("people:contact", args=[person.public_id, contact.public_id])
    assert "sleep and dates only" in client.get(address).content.decode()
    client.post(address, {"name": "Ana Reyes", "relation": "aunt"})
    assert [one.relation for one in contacts(person)] == ["aunt"]


def test_a_contact_of_another_person_is_not_found(cast: Cast, person: Person) -> None:
    other = admitted_person(cast)
    contact = people.add_contact(person=other, name="Ana", relation="sister", by=cast.nurse)
    address = reverse("people:contact", args=[person.public_id, contact.public_id])
    assert client_for(cast.nurse).get(address).status_code == 404


def test_a_colleague_named_into_the_team_sees_the_chart_until_the_end(cast: Cast, person: Person) -> None:
    client = client_for(cast.nurse)
    client.post(_at("episodes:team", person), {"once": _key(), "staff": cast.off_shift_nurse.public_id})
    assert may_see(cast.off_shift_nurse, person)
    (member,) = [one.named for one in care_team(person) if one.named]
    client.post(reverse("episodes:leave_team", args=[person.public_id, member.public_id]))
    assert not may_see(cast.off_shift_nurse, person)


def test_a_move_shows_the_free_beds_and_names_who_was_first(cast: Cast, person: Person) -> None:
    client = client_for(cast.nurse)
    assert "Willow 2" in client.get(_at("episodes:move", person)).content.decode()
    admitted_person(cast, bed=cast.beds[1])
    refused = client.post(_at("episodes:move", person), {"bed": cast.beds[1].public_id})
    assert refused.status_code == 422
    assert "Willow 2 was taken by Marta Lindqvist" in refused.content.decode()
    client.post(_at("episodes:move", person), {"bed": cast.beds[2].public_id})
    assert bed_of(person).bed == cast.beds[2]  # type: ignore[union-attr]


def test_who_only_called_gets_no_bed(cast: Cast) -> None:
    caller = enquiring_person(cast)
    answer = client_for(cast.nurse).post(_at("episodes:move", caller), {"bed": cast.beds[0].public_id})
    assert answer.status_code == 422
    assert bed_of(caller) is None


def test_consent_is_recorded_by_kind(cast: Cast, person: Person) -> None:
    client = client_for(cast.nurse)
    page = _at("consent:person", person)
    assert client.get(page).content.decode().count("not asked") >= 4
    refused = client.post(page, {"once": _key(), "kind": "treatment", "decision": "given", "how": ""})
    assert refused.status_code == 422
    client.post(page, {"once": _key(), "kind": "treatment", "decision": "given", "how": "signed on paper"})
    assert standing(person)["treatment"].decision == "given"


def test_auditor_and_manager_read_the_lines_and_no_one_else(cast: Cast, person: Person) -> None:
    for role in ("auditor", "manager"):
        assert client_for(getattr(cast, role)).get(reverse("audit:lines")).status_code == 200
    for role in ("physician", "nurse", "administrator", "admissions"):
        assert client_for(getattr(cast, role)).get(reverse("audit:lines")).status_code == 403


def test_the_lines_hold_numbers_and_no_names_of_people(cast: Cast, person: Person) -> None:
    page = client_for(cast.auditor).get(reverse("audit:lines")).content.decode()
    assert str(person.number) in page
    assert person.preferred_name not in page
    assert "Marta Lindqvist" in page  # staff are named: that is what the lines are for


def test_the_lines_narrow_to_one_person_also_where_a_list_showed_them(cast: Cast, person: Person) -> None:
    other = admitted_person(cast)
    audit.write("unit.read", by=cast.nurse, centre=cast.centre, kind="read", people=[person, other])
    audit.write("lone.read", by=cast.nurse, centre=cast.centre, kind="read", person=other)
    page = client_for(cast.auditor).get(reverse("audit:lines"), {"number": person.number}).content.decode()
    assert "unit.read" in page
    assert "lone.read" not in page
    nobody = client_for(cast.auditor).get(reverse("audit:lines"), {"number": 9999}).content.decode()
    assert "No line fits" in nobody


def test_the_lines_narrow_to_one_member_of_staff_and_one_day(cast: Cast, person: Person) -> None:
    audit.write("her.read", by=cast.second_nurse, centre=cast.centre, kind="read", person=person)
    address = reverse("audit:lines")
    client = client_for(cast.auditor)
    assert "her.read" in client.get(address, {"staff": cast.second_nurse.pk}).content.decode()
    assert "her.read" not in client.get(address, {"staff": cast.physician.pk}).content.decode()
    long_ago = (dt.date.today() - dt.timedelta(days=30)).isoformat()
    assert "her.read" not in client.get(address, {"on": long_ago}).content.decode()


def test_the_audit_page_checks_the_chain(cast: Cast, person: Person) -> None:
    page = client_for(cast.auditor).get(reverse("audit:lines"), {"verify": "1"}).content.decode()
    assert "Keep this elsewhere" in page


def test_the_audit_page_keeps_until_which_line_the_chain_was_whole(cast: Cast, person: Person) -> None:
    auditor = client_for(cast.auditor)
    assert "not checked yet" in auditor.get(reverse("audit:lines")).content.decode()
    auditor.get(reverse("audit:lines"), {"verify": "1"})
    line = AuditLine.objects.get(action="audit.verified")
    assert line.code == f"whole-{line.seq - 1}"
    assert line.digest == line.previous
    page = auditor.get(reverse("audit:lines")).content.decode()
    assert f"until line {line.seq - 1}" in page
    assert AuditLine.objects.order_by("-seq")[1].hash in page  # the head as it stood when this page was asked for


@pytest.mark.parametrize(
    ("code", "found"), [("glass", {"glass.broken"}), ("Emergency", {"glass.broken"}), ("gla.s", set()), ("%", set())]
)
def test_the_lines_are_narrowed_to_a_code(cast: Cast, person: Person, code: str, found: set[str]) -> None:
    nurse = cast.off_shift_nurse
    episodes.break_glass(person=person, reason="emergency", words="found on the stairs", by=nurse, proof=proof(nurse))
    answer = client_for(cast.auditor).get(reverse("audit:lines"), {"code": code})
    assert {line.action for line, *_ in answer.context["lines"]} == found


def test_the_audit_page_says_how_many_openings_wait_for_the_manager(cast: Cast, person: Person) -> None:
    manager, nurse = client_for(cast.manager), cast.off_shift_nurse
    assert "None waits for a review" in manager.get(reverse("audit:lines")).content.decode()
    episodes.break_glass(person=person, reason="emergency", words="found on the stairs", by=nurse, proof=proof(nurse))
    assert "1 waits for the manager’s review" in manager.get(reverse("audit:lines")).content.decode()


def test_a_page_that_refreshes_itself_adds_one_line_an_hour(cast: Cast, person: Person, frozen_clock: object) -> None:
    client = client_for(cast.nurse)
    page = _at("people:allergies", person)

    def reads() -> int:
        return AuditLine.objects.filter(action="allergies.read").count()

    client.get(page)
    for _ in range(3):
        client.get(page, headers={"X-Glidepath-Poll": "1"})
    assert reads() == 1
    frozen_clock.tick(minutes=14)  # type: ignore[attr-defined]
    client.get(page)
    assert reads() == 2  # a person's own look always leaves its line
    for _ in range(5):
        frozen_clock.tick(minutes=14)  # type: ignore[attr-defined]
        client.get(page, headers={"X-Glidepath-Poll": "1"})
        client.get(reverse("staff:shift"))
    assert reads() == 3


def test_the_pages_cost_the_same_however_long_the_history(
    cast: Cast, person: Person, django_assert_max_num_queries: object
) -> None:
    client = client_for(cast.auditor)
    for _ in range(30):
        audit.write("chart.read", by=cast.nurse, centre=cast.centre, kind="read", person=person)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        client.get(reverse("audit:lines"))


def test_a_closed_episode_takes_no_new_team(cast: Cast, person: Person) -> None:
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    answer = client_for(cast.manager).post(
        _at("episodes:team", person), {"once": _key(), "staff": cast.nurse.public_id}
    )
    assert answer.status_code == 422


def test_the_settings_page_shows_what_the_centre_reads_into_the_guideline(cast: Cast) -> None:
    page = client_for(cast.nurse).get(reverse("centres:settings")).content.decode()
    assert "our reading" in page
    assert "Save the limits" not in page
    assert "Save the limits" in client_for(cast.manager).get(reverse("centres:settings")).content.decode()


def test_the_manager_changes_a_limit_and_the_history_says_so(cast: Cast) -> None:
    client = client_for(cast.manager)
    form = _limits(client)
    answer = client.post(reverse("centres:settings"), {**form, "interval_days": "21"})
    assert answer.status_code == 302
    page = client.get(reverse("centres:settings")).content.decode()
    assert "<td>14</td><td>21</td>" in page


@pytest.mark.parametrize(("name", "value"), [("interval_days", "0"), ("dose_times", "8"), ("usual_cut_percent", "x")])
def test_a_setting_that_cannot_be_comes_back_with_what_was_typed(cast: Cast, name: str, value: str) -> None:
    client = client_for(cast.manager)
    answer = client.post(reverse("centres:settings"), {**_limits(client), name: value})
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.content.decode()


def test_a_nurse_changes_no_settings(cast: Cast) -> None:
    client = client_for(cast.manager)
    answer = client_for(cast.nurse).post(reverse("centres:settings"), {**_limits(client), "interval_days": "21"})
    assert answer.status_code == 403
    assert AuditLine.objects.latest("pk").kind == "deny"


def test_units_rooms_and_beds_are_added_on_the_settings_page(cast: Cast) -> None:
    client = client_for(cast.manager)
    client.post(reverse("centres:units"), {"once": _key(), "name": "Cedar", "setting": "residential"})
    unit = next(one for one in client.get(reverse("centres:settings")).context["units"] if one[0].name == "Cedar")[0]
    client.post(reverse("centres:rooms"), {"once": _key(), "unit": unit.public_id, "name": "West"})
    room = next(
        rooms for one, rooms in client.get(reverse("centres:settings")).context["units"] if one.name == "Cedar"
    )[0]
    client.post(reverse("centres:beds"), {"once": _key(), "room": room.public_id, "number": "7"})
    twice = client.post(reverse("centres:beds"), {"once": _key(), "room": room.public_id, "number": "7"})
    assert "Cedar has a bed 7 already" in twice.content.decode()


def test_a_bed_is_set_to_being_cleaned(cast: Cast) -> None:
    client_for(cast.nurse).post(reverse("centres:bed_state", args=[cast.beds[0].public_id]), {"state": "cleaning"})
    cast.beds[0].refresh_from_db()
    assert cast.beds[0].state == "cleaning"
    centres.set_bed_state(bed=cast.beds[0], state="ready", by=cast.nurse)


def test_the_shift_starts_and_ends_with_one_tap_each(cast: Cast, person: Person) -> None:
    client = client_for(cast.off_shift_nurse)
    assert "Start my shift on Willow" in client.get(reverse("staff:shift")).content.decode()
    client.post(reverse("staff:start", args=[cast.unit.public_id]))
    assert may_see(cast.off_shift_nurse, person)
    client.post(reverse("staff:end", args=[cast.unit.public_id]))
    assert not may_see(cast.off_shift_nurse, person)


def test_nobody_starts_a_shift_on_a_unit_of_another_centre(cast: Cast) -> None:
    assert client_for(cast.stranger).post(reverse("staff:start", args=[cast.unit.public_id])).status_code == 404


def test_ones_own_pin_is_set_on_the_shift_page(cast: Cast) -> None:
    cast.nurse.set_password("heron under the bridge")
    cast.nurse.save()
    client = client_for(cast.nurse)
    form = {"new_pin": "8642", "new_pin_again": "8624", "password": "heron under the bridge"}
    assert "differ" in client.post(reverse("staff:pin"), form).content.decode()
    assert client.post(reverse("staff:pin"), {**form, "new_pin_again": "8642"}).status_code == 302


def _at(name: str, person: Person) -> str:
    return reverse(name, args=[person.public_id])


def _key() -> str:
    return uuid.uuid4().hex


def _glass(**more: str) -> dict[str, str]:
    return {"once": _key(), "reason": "emergency", "words": "found on the stairs", "pin": PIN, **more}


def _limits(client: Client) -> dict[str, object]:
    form = client.get(reverse("centres:settings")).context["limits"]
    return {name: form[name].value() for name in form.fields}
