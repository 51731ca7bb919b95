"""Nobody is handed on with a list of medicines that nobody has gone through."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glidepath.care.assessment import services as assessing
from glidepath.care.flow import services
from glidepath.care.flow.going_through import going_through, owed_after_urgent_moves
from glidepath.care.flow.models import Discharge
from glidepath.care.flow.tests.doors import TODAY, go_through, leaving, once
from glidepath.care.medication import services as medication
from glidepath.clinical.guidelines.medicines_at_a_move import Decided, Reply
from glidepath.record.audit.models import AuditLine
from glidepath.record.centres.models import Bed
from glidepath.record.centres.services import add_bed
from glidepath.record.episodes.queries import bed_of
from glidepath.record.episodes.services import move_bed
from glidepath.record.errors import BadInput, HardStop, NotAllowed
from tests.cast import PIN, admitted_person, client_for, episode_of, proof
from tests.scenarios import ward

pytestmark = pytest.mark.django_db
STOP = Reply(Decided.STOP, "agreed with Danilo")


@pytest.fixture
def taking(cast, person):
    """Came with diazepam and sertraline; 20 mg of diazepam a day stand ordered."""
    told = assessing.Medicine("sertraline", ("person",), dose_words="50 mg")
    assessing.record_medicine(person=person, medicine=told, by=cast.nurse)
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    return person


def listed(person, to_unit=None):
    return {one.medicine.words: one for one in going_through(person, episode_of(person), to_unit=to_unit).lines}


def close(cast, person):
    by = cast.physician
    return services.discharge(person=person, leaving=leaving(), by=by, proof=proof(by), once=once())


def move(cast, person, bed: Bed, **more):
    return move_bed(episode=episode_of(person), bed=bed, by=cast.nurse, **more)


def test_the_list_holds_what_they_came_with_and_what_stands_ordered(cast, taking):
    assert {words: one.medicine.origin.value for words, one in listed(taking).items()} == {
        "diazepam: diazepam 10 mg at 08:00, 22:00, for 72 months": "came with",
        "sertraline: 50 mg": "came with",
        "diazepam 10 mg at 08:00, 22:00": "ordered here",
    }


def test_a_taper_stands_on_it_in_place_of_the_order_it_took_over_from(cast, taking, frozen_clock):
    ward.sign(cast, taking, ward.draft(start=TODAY))
    assert {"the taper, which has not begun", "diazepam 10 mg at 08:00, 22:00"} < set(listed(taking))
    frozen_clock.set("2026-11-18T09:00")
    assert set(listed(taking)) == {
        "diazepam: diazepam 10 mg at 08:00, 22:00, for 72 months",
        "sertraline: 50 mg",
        "the taper, now diazepam 20 mg a day",
    }


def test_a_discharge_does_not_close_before_each_is_answered_and_no_reason_replaces_it(cast, taking):
    with pytest.raises(HardStop) as stop:
        services.discharge(
            person=taking, leaving=leaving(), by=cast.physician, proof=proof(cast.physician), once=once(),
            overrides={"DIS-6": "no time"},
        )  # fmt: skip
    assert {one.code for one in stop.value.findings if one.stops} == {"DIS-6"}
    assert not Discharge.objects.exists()
    row = go_through(cast, taking)
    assert [line[3] for line in row.lines] == ["continue"] * 3
    assert close(cast, taking)
    assert AuditLine.objects.get(action="medicines.gone_through").kind == "sign"


def test_an_order_signed_since_keeps_it_open_again(cast, taking):
    go_through(cast, taking)
    ward.order(cast, taking, "lorazepam", "1", "14:00")
    with pytest.raises(HardStop, match="does not close") as stop:
        close(cast, taking)
    assert "lorazepam 1 mg at 14:00" in stop.value.findings[0].message
    go_through(cast, taking)
    assert close(cast, taking)


def test_an_open_line_and_a_stop_without_a_reason_are_named(cast, taking):
    keys = {words: one.medicine.key for words, one in listed(taking).items()}
    said = {key: Reply(Decided.CONTINUE) for key in keys.values()}
    given = {"person": taking, "by": cast.physician, "proof": proof(cast.physician)}
    without = {key: one for key, one in said.items() if key != keys["sertraline: 50 mg"]}
    with pytest.raises(BadInput, match="Not answered: sertraline: 50 mg"):
        services.go_through(replies=without, **given)
    with pytest.raises(BadInput, match="sertraline: 50 mg: say why it is stopped"):
        services.go_through(replies=said | {keys["sertraline: 50 mg"]: Reply(Decided.STOP)}, **given)
    with pytest.raises(BadInput, match="is not stopped here"):
        services.go_through(replies=said | {keys["diazepam 10 mg at 08:00, 22:00"]: STOP}, **given)


def test_what_was_stopped_by_name_stands_on_it_no_more(cast, taking):
    (order,) = ward.doses.orders(taking)
    stops = {one.code: "agreed" for one in medication.findings_on_stop(order) if one.stops}
    medication.stop_order(
        order=order, reason="agreed", by=cast.physician, proof=proof(cast.physician), overrides=stops, once=once()
    )
    assert "diazepam 10 mg at 08:00, 22:00" not in listed(taking)


def test_only_who_may_prescribe_goes_through_it_and_twice_is_once(cast, taking):
    with pytest.raises(NotAllowed):
        go_through(cast, taking, by=cast.nurse)
    key = once()
    assert go_through(cast, taking, once=key) == go_through(cast, taking, once=key)


def test_a_transfer_to_another_unit_waits_and_one_within_the_unit_does_not(cast, taking):
    move(cast, taking, cast.beds[3])
    with pytest.raises(BadInput, match="The transfer to Aspen waits") as refused:
        move(cast, taking, cast.other_bed)
    assert refused.value.field == "urgent"
    go_through(cast, taking)  # for a discharge: another move
    with pytest.raises(BadInput, match="waits"):
        move(cast, taking, cast.other_bed)
    go_through(cast, taking, cast.other_unit)
    move(cast, taking, cast.other_bed)
    assert bed_of(taking).bed == cast.other_bed


def test_the_way_back_is_another_transfer(cast, taking, frozen_clock):
    go_through(cast, taking, cast.other_unit)
    for to_unit, bed in ((None, cast.other_bed), (cast.unit, cast.beds[0])):
        if to_unit:
            with pytest.raises(BadInput, match="waits"):
                move(cast, taking, bed)
            go_through(cast, taking, to_unit)
        frozen_clock.tick(minutes=5)
        move(cast, taking, bed)
    frozen_clock.tick(minutes=5)
    with pytest.raises(BadInput, match="waits"):
        move(cast, taking, cast.other_bed)


def test_who_must_go_now_goes_now_and_it_stays_owed(cast, taking, frozen_clock):
    stay = move(cast, taking, cast.other_bed, urgent="breathing 9 a minute")
    assert stay.urgent == "breathing 9 a minute"
    assert owed_after_urgent_moves([taking]) == [(taking, cast.other_unit)]
    frozen_clock.tick(minutes=30)
    go_through(cast, taking, cast.other_unit)
    assert owed_after_urgent_moves([taking]) == []


def test_who_takes_nothing_moves_and_leaves_without_a_list(cast):
    person = admitted_person(cast)
    move(cast, person, cast.other_bed)
    assert owed_after_urgent_moves([person]) == []


# --- The page ---------------------------------------------------------------------------------------------------------


def address(person, *more):
    return "/".join(["/people", str(person.public_id), "medicines/gone-through", *more, ""])


def test_the_page_asks_each_once_and_what_was_typed_comes_back(cast, taking):
    client = client_for(cast.physician)
    page = client.get(address(taking)).text
    assert page.count("no decision yet") == 3
    sent = {"once": once(), "pin": PIN}
    keys = [one.medicine.key for one in going_through(taking, episode_of(taking)).lines]
    sent |= {f"decided-{key}": "continue" for key in keys[:2]} | {f"words-{keys[2]}": "ten at night"}
    refused = client.post(address(taking), sent)
    assert refused.status_code == 422
    assert "Not answered: diazepam 10 mg at 08:00, 22:00" in refused.text
    assert "ten at night" in refused.text
    sent[f"decided-{keys[2]}"] = "change"
    assert client.post(address(taking), sent).status_code == 303
    assert "Last gone through by Dr Ines Ferreira" in client.get(address(taking)).text
    assert client.post(address(taking, str(cast.other_unit.public_id)), sent | {"once": once()}).status_code == 303


def test_the_discharge_says_what_is_open_and_shows_the_list_afterwards(cast, taking):
    client = client_for(cast.physician)
    discharge = f"/people/{taking.public_id}/discharge/"
    assert "Nobody has decided about" in client.get(discharge).text
    go_through(cast, taking, replies={listed(taking)["sertraline: 50 mg"].medicine.key: STOP})
    assert "Nobody has decided about" not in client.get(discharge).text
    close(cast, taking)
    page = client.get(discharge).text
    assert "Medicines, as they go on" in page
    assert "agreed with Danilo" in page


def test_a_nurse_reads_it_and_does_not_decide(cast, taking):
    client = client_for(cast.nurse)
    assert "A prescriber decides about each" in client.get(address(taking)).text
    assert client.post(address(taking), {"once": once()}).status_code == 403


def test_more_medicines_take_no_more_queries(cast, taking):
    client, counted = client_for(cast.physician), []
    for medicine in ("", "sodium valproate", "ramipril"):
        if medicine:
            told = assessing.Medicine(medicine, ("person",))
            assessing.record_medicine(person=taking, medicine=told, by=cast.nurse)
        client.get(address(taking))
        with CaptureQueriesContext(connection) as seen:
            client.get(address(taking))
        counted.append(len(seen))
    assert len(set(counted)) == 1


def test_the_bed_page_says_why_it_waits_and_takes_a_reason(cast, taking):
    client, bed = client_for(cast.nurse), add_bed(room=cast.other_bed.room, number=2, by=cast.manager)
    page = f"/people/{taking.public_id}/move/"
    refused = client.post(page, {"bed": str(bed.public_id)})
    assert refused.status_code == 422
    assert "The transfer to Aspen waits" in refused.text
    assert client.post(page, {"bed": str(bed.public_id), "urgent": "breathing 9"}).status_code == 302
