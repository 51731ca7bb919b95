"""The pages of the register: who opens them, what they take, what comes back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.supply import queries, services
from glidepath.care.supply.models import Balance, Count, Discrepancy, Movement, OwnBag
from glidepath.care.supply.tests import register as made
from glidepath.record.audit.models import AuditLine
from tests.cast import PIN, admitted_person, client_for

PIECE = made.PIECE


@pytest.fixture
def register(cast):
    return made.make(cast)


@pytest.fixture
def person(cast):
    return admitted_person(cast)


def address(name, *rows):
    return reverse(f"supply:{name}", args=[row.public_id for row in rows])


def second(who):
    return {"second_user": who.username, "second_pin": PIN}


def post(cast_member, url, typed, **more):
    return client_for(cast_member).post(url, {"once": uuid4().hex} | typed, **more)


def pages(register, person, batch):
    here, entry = register.cupboard, Movement.objects.first()
    found = [("register",), ("stock",), ("inventory",), ("differences",), ("location", here), ("receive", here),
             ("transfer", here), ("leave", here), ("count", here), ("report", here), ("reverse", entry),
             ("recall", batch), ("own", person)]  # fmt: skip
    return {name: address(name, *rows) for name, *rows in found}


READS = {"register", "stock", "inventory", "differences", "location"}
OPEN_TO = {
    "physician": READS | {"report", "own"},
    "nurse": READS | {"receive", "transfer", "leave", "count", "report", "reverse", "own"},
    "pharmacist": READS | {"receive", "transfer", "leave", "count", "report", "reverse", "recall", "own"},
    "manager": READS | {"report"},
    "auditor": READS,
    "counsellor": set(),
    "peer_worker": set(),
    "administrator": set(),
}


@pytest.mark.parametrize("role", OPEN_TO)
def test_each_page_is_open_to_whom_the_matrix_says_and_leaves_its_read_line(register, person, role):
    cast, batch = register.cast, made.opened(register)
    viewer = getattr(cast, role)
    client = client_for(viewer)
    for name, url in pages(register, person, batch).items():
        before = AuditLine.objects.count()
        answer = client.get(url)
        if name in OPEN_TO[role]:
            assert answer.status_code == 200, name
            assert AuditLine.objects.count() == before + 1, name
            assert "no-store" in answer["Cache-Control"], name
        else:
            assert answer.status_code == 403, name


def test_another_centres_register_is_not_found(register, person):
    batch = made.opened(register)
    urls = pages(register, person, batch)
    for name in ("location", "report", "own"):
        assert client_for(register.cast.stranger).get(urls[name]).status_code == 404


def test_a_centre_without_a_register_says_plainly_what_is_not_kept(cast):
    made.stock(cast, "diazepam/uk/tablet/10", "10")
    text = client_for(cast.nurse).get(address("register")).text
    assert "No register yet" in text
    assert "Not kept in the register" in text
    assert "diazepam 10 mg tablet" in text


def test_a_pharmacist_adds_a_location(cast):
    typed = {"name": "Aspen trolley", "kind": "trolley", "unit": str(cast.other_unit.public_id)}
    assert post(cast.pharmacist, address("register"), typed).status_code == 303
    assert [one.name for one in queries.locations(cast.centre)] == ["Aspen trolley"]
    again = post(cast.pharmacist, address("register"), typed)
    assert again.status_code == 422
    assert "named “Aspen trolley” already" in again.text
    no_unit = post(cast.pharmacist, address("register"), typed | {"name": "x", "unit": ""})
    assert "belongs to a unit" in no_unit.text
    assert post(cast.nurse, address("register"), typed | {"name": "y"}).status_code == 403


def test_an_empty_location_is_retired_by_the_pharmacist_and_one_with_stock_is_not(register):
    cast, here, empty = register.cast, register.cupboard, register.other
    made.opened(register)
    words = "Retire this location"
    pharmacist, nurse = client_for(cast.pharmacist), client_for(cast.nurse)
    assert words in pharmacist.get(address("location", empty)).text
    assert words not in pharmacist.get(address("location", here)).text
    assert words not in nurse.get(address("location", empty)).text
    assert post(cast.nurse, address("retire_location", empty), {}).status_code == 403
    refused = post(cast.pharmacist, address("retire_location", here), {})
    assert "Something still lies here" in refused.text
    post(cast.pharmacist, address("retire_location", empty), {})
    empty.refresh_from_db()
    here.refresh_from_db()
    assert (empty.active, here.active) == (False, True)
    assert words not in pharmacist.get(address("location", empty)).text


def test_the_register_shows_whole_and_part_units(register):
    services.open_stock(
        location=register.cupboard, delivery=made.delivery(register.ten, 0, loose=94), by=register.cast.pharmacist,
        second=made.proof(register.cast.nurse), once=made.once(),
    )  # fmt: skip
    text = client_for(register.cast.nurse).get(address("location", register.cupboard)).text
    assert "23 ½ tablets" in text


def received(register, **more):
    return {
        "kind": "receipt", "product": str(register.ten.public_id), "lot": "b7", "expires_on": "2027-08-31",
        "container": "28", "containers": "3", "loose": "2 1/2", "supplier": "Supply Ltd, 1 Road, reg 7",
        "document": "DN 17",
    } | more  # fmt: skip


def test_a_nurse_receives_a_delivery_with_a_second_counter(register):
    cast, url = register.cast, address("receive", register.cupboard)
    answer = post(cast.nurse, url, received(register) | second(cast.pharmacist))
    assert answer.status_code == 303
    row = Movement.objects.get()
    assert (row.batch.lot, row.quantity, row.witness) == ("B7", (3 * 28 + 2) * 4 + 2, cast.pharmacist)
    alone = post(cast.nurse, url, received(register))
    assert alone.status_code == 422
    assert "second clinician" in alone.text
    assert 'value="DN 17"' in alone.text, "what was typed comes back"
    assert Movement.objects.count() == 1
    opening = post(cast.nurse, url, received(register, kind="opening") | second(cast.pharmacist))
    assert opening.status_code == 422, "a nurse opens no stock"


@pytest.mark.parametrize(
    "wrong",
    [
        {"container": "0"}, {"containers": "0", "loose": ""}, {"loose": "0.1"}, {"supplier": " "}, {"document": ""},
        {"expires_on": "soon"}, {"lot": " "},
    ],
)  # fmt: skip
def test_a_delivery_that_cannot_be_comes_back(register, wrong):
    cast = register.cast
    url = address("receive", register.cupboard)
    answer = post(cast.nurse, url, received(register, **wrong) | second(cast.pharmacist))
    assert answer.status_code == 422
    assert not Movement.objects.exists()


def test_transfer_waste_and_undo_on_their_pages(register):
    cast, batch = register.cast, made.opened(register, pieces=10)
    typed = {"batch": str(batch.public_id), "quantity": "2 1/2", "target": str(register.other.public_id)}
    assert post(cast.nurse, address("transfer", register.cupboard), typed | second(cast.pharmacist)).status_code == 303
    typed = {"batch": str(batch.public_id), "quantity": "1", "kind": "waste", "reason": "fell on the floor"}
    url = address("leave", register.cupboard)
    assert post(cast.nurse, url, typed | second(cast.physician)).status_code == 303
    burnt = typed | {"kind": "destruction", "document": "C-1", "pin": PIN}
    assert post(cast.nurse, url, burnt | second(cast.physician)).status_code == 303
    back = typed | {"kind": "sent_back", "supplier": "Reverse Ltd"}
    assert post(cast.nurse, url, back | second(cast.physician)).status_code == 303
    too_much = post(cast.nurse, url, typed | {"quantity": "99"} | second(cast.physician))
    assert too_much.status_code == 422
    assert "cannot leave it" in too_much.text
    wasted = Movement.objects.get(kind="waste")
    undo = {"reason": "it was another lot"} | second(cast.second_nurse)
    assert post(cast.nurse, address("reverse", wasted), undo).status_code == 303
    assert post(cast.nurse, address("reverse", wasted), undo).status_code == 422
    held = {row.location.name: row.quantity for row in Balance.objects.select_related("location")}
    assert held == {"Willow cupboard": 22, "Pharmacy": 10}
    text = client_for(cast.nurse).get(address("location", register.cupboard)).text
    assert "undone by no" in text


def counted(batches, *sizes):
    return {f"n_{batch.public_id.hex}": size for batch, size in zip(batches, sizes, strict=True)}


def test_two_count_blind_on_one_tablet_and_a_difference_has_an_owner(register):
    cast = register.cast
    batches = [made.opened(register, pieces=10), made.opened(register, register.liquid, 50, lot="B1")]
    url = address("count", register.cupboard)
    assert post(cast.nurse, url, {"kind": "shift"}).status_code == 303
    sheet = client_for(cast.nurse).get(url).text
    assert "10 tablets" not in sheet
    assert "50 mL" not in sheet, "blind"
    assert post(cast.nurse, url, counted(batches, "9.5", "50")).status_code == 303
    sheet = client_for(cast.nurse).get(url).text
    assert "Hand the tablet over" in sheet
    assert "9.5" not in sheet, "the other does not see the first's numbers"
    alone = post(cast.nurse, url, counted(batches, "9 1/2", "50"))
    assert alone.status_code == 422
    assert 'value="9 1/2"' in alone.text
    done = post(cast.nurse, url, counted(batches, "9 1/2", "50") | second(cast.second_nurse), follow=True)
    assert "On 1 of 2 lines there is a difference" in done.text
    assert "½ tablet missing" in done.text
    assert cast.pharmacist.name in done.text
    assert Count.objects.get().done.second == cast.second_nurse


def test_who_comes_in_may_count_from_their_own_sign_in(register):
    cast, batch = register.cast, made.opened(register, pieces=10)
    url = address("count", register.cupboard)
    post(cast.nurse, url, {"kind": "shift"})
    post(cast.nurse, url, counted([batch], "10"))
    assert "Hand the tablet over" not in client_for(cast.second_nurse).get(url).text
    post(cast.second_nurse, url, counted([batch], "10"))
    assert Count.objects.get().done.second == cast.second_nurse


def test_a_line_on_which_they_differ_comes_back_to_both_alone(register):
    cast = register.cast
    batches = [made.opened(register, pieces=10), made.opened(register, register.liquid, 50, lot="B1")]
    url = address("count", register.cupboard)
    post(cast.nurse, url, {"kind": "shift"})
    post(cast.nurse, url, counted(batches, "10", "50"))
    answer = post(cast.second_nurse, url, counted(batches, "9", "50"), follow=True)
    assert "You differ on 1 line." in answer.text
    assert "lot B1" not in answer.text
    post(cast.second_nurse, url, counted(batches[:1], "10"))
    post(cast.nurse, url, counted(batches[:1], "10"))
    assert Count.objects.get().done
    assert not Discrepancy.objects.exists()


def test_a_line_left_out_is_named_and_the_others_come_back(register):
    cast = register.cast
    batches = [made.opened(register, pieces=10), made.opened(register, register.liquid, 50, lot="B1")]
    url = address("count", register.cupboard)
    post(cast.nurse, url, {"kind": "shift"})
    answer = post(cast.nurse, url, counted(batches, "10", ""))
    assert answer.status_code == 422
    assert "Not counted. Where nothing lies there, write 0." in answer.text
    assert 'value="10"' in answer.text


def test_a_difference_is_looked_into_handed_on_and_closed_by_two(register):
    cast, batch = register.cast, made.opened(register, pieces=10)
    made.count(register, {batch: 36})
    row = Discrepancy.objects.get()
    url = address("difference", row)
    note = {"act": "note", "words": "looked in the bin", "owner": str(cast.nurse.public_id)}
    assert post(cast.physician, url, note).status_code == 303
    assert queries.open_differences(cast.centre)[0].owner == cast.nurse
    assert post(cast.nurse, url, {"act": "loss", "words": "the box was open"}).status_code == 303
    assert "The authority is told by" in client_for(cast.manager).get(url).text
    close = {"act": "close", "cause": "loss", "words": "reported", "adjust": "yes", "pin": PIN}
    alone = post(cast.pharmacist, url, close)
    assert alone.status_code == 422
    assert "reported" in alone.text
    assert "may not do this" in post(cast.nurse, url, close | second(cast.manager)).text
    assert post(cast.pharmacist, url, close | second(cast.manager)).status_code == 303
    assert Balance.objects.get(batch=batch).quantity == 36
    assert "Closed: lost; reported" in client_for(cast.manager).get(url).text


def test_anybody_reports_a_difference(register):
    cast, batch = register.cast, made.opened(register)
    typed = {"batch": str(batch.public_id), "words": "the seal is torn"}
    assert post(cast.manager, address("report", register.cupboard), typed).status_code == 303
    assert Discrepancy.objects.get().difference is None


def test_a_recalled_lot_is_marked(register):
    cast, batch = register.cast, made.opened(register)
    assert post(cast.pharmacist, address("recall", batch), {"reason": "the maker's letter"}).status_code == 303
    assert "recalled" in client_for(cast.nurse).get(address("location", register.cupboard)).text
    assert post(cast.pharmacist, address("recall", batch), {"reason": "again"}).status_code == 422


def test_what_a_person_brought_is_sealed_given_up_and_destroyed(register, person):
    cast, url = register.cast, address("own", person)
    typed = {"seal": "lb-1", "kept_where": "safe", "name_1": "lorazepam 1 mg", "size_1": "12.5", "name_2": "a syrup",
             "size_2": "80", "liquid_2": "on"}  # fmt: skip
    half = post(cast.nurse, url, typed | {"size_2": ""} | second(cast.second_nurse))
    assert half.status_code == 422
    assert "Not counted. An empty pack is 0." in half.text
    assert post(cast.nurse, url, typed | second(cast.second_nurse)).status_code == 303
    text = client_for(cast.physician).get(url).text
    assert "12 ½ pieces" in text
    assert "80 mL" in text
    assert "Count and seal a bag" not in text, "a physician reads it"
    bag = OwnBag.objects.get()
    gone = address("bag", person, bag)
    assert (
        post(cast.nurse, gone, {"how": "surrendered", "seal_whole": "yes"} | second(cast.pharmacist)).status_code == 303
    )
    assert post(cast.nurse, gone, {"certificate": "C 9", "pin": PIN} | second(cast.pharmacist)).status_code == 303
    assert "certificate C 9" in client_for(cast.nurse).get(url).text
    assert "This bag has left" in client_for(cast.nurse).get(gone).text


def lived(register, person, doses):
    for number in range(doses):
        made.opened(register, pieces=20, lot=f"L{number}")
        made.issue(register, person, 1)


@pytest.mark.parametrize("name", ["register", "location", "inventory", "differences"])
def test_a_page_asks_the_same_for_few_movements_and_for_many(register, person, name):
    cast = register.cast
    url = address(name, register.cupboard) if name == "location" else address(name)
    client = client_for(cast.nurse)
    lived(register, person, 2)
    client.get(url)
    few = asked(client, url)
    for _ in range(4):
        made.issue(register, admitted_person(cast), 1)
    for number in range(8):
        made.opened(register, pieces=20, lot=f"M{number}")
    assert asked(client, url) == few


def asked(client, url):
    with CaptureQueriesContext(connection) as queries_made:
        assert client.get(url).status_code == 200
    return len(queries_made)


@pytest.mark.parametrize("day", ["2026-11-17", "2026-11-16", ""])
def test_the_inventory_is_of_the_day_that_is_asked_for(register, day):
    made.opened(register, pieces=10)
    text = client_for(register.cast.auditor).get(address("inventory"), {"day": day}).text
    assert ("The register held nothing then" in text) is (day == "2026-11-16")


@pytest.mark.parametrize("day", ["2026-11-18", "soon", "2026-02-31", "0001-01-01", "9" * 30])
def test_a_day_that_cannot_be_is_said_and_today_is_shown(register, day):
    text = client_for(register.cast.auditor).get(address("inventory"), {"day": day}).text
    assert "is no day up to today" in text


def test_the_stock_page_draws_cover_and_says_what_is_not_kept(register):
    made.opened(register)
    text = client_for(register.cast.pharmacist).get(address("stock")).text
    assert "more than 28 days" in text
    assert 'role="img"' in text


def test_a_number_that_is_none_shows_the_newest_entries(register):
    made.opened(register)
    url = address("location", register.cupboard)
    for before in ("x", "-1", "²", "9" * 60):
        assert client_for(register.cast.nurse).get(url, {"before": before}).status_code == 200
