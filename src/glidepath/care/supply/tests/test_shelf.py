"""The shelf: what may be stocked, how finely it is given, and who may say so."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.supply import queries, services
from glidepath.care.supply.models import StockedProduct
from glidepath.clinical.facts.load import formulary
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import client_for

PAGE = "/settings/products/"
TWO = ("diazepam/uk/tablet/2", "2")


def stock(cast, key=TWO[0], strength=TWO[1], **more):
    given = {"centre": cast.centre, "by": cast.pharmacist, "once": uuid4().hex} | more
    return services.stock_product(form_key=key, strength_mg=Decimal(strength), **given)


def form_with(smallest, *, release=None):
    """A solid of the facts sold here whose smallest known part is this."""
    return next(
        form
        for medicine in formulary().medicines.values()
        for form in medicine.marketed_in("uk")
        if form.kind == "solid" and form.smallest == smallest and form.release == release
    )


def test_a_stocked_product_is_given_as_finely_as_the_facts_know(cast):
    form = next(one for one in formulary().medicines["diazepam"].forms if one.key == TWO[0])
    row = stock(cast)
    assert row.step == (form.smallest or Fraction(1))
    assert [product.strength_mg for _, product in queries.stock(cast.centre)] == [Decimal(2)]


def test_the_same_submit_twice_stocks_it_once(cast):
    key = uuid4().hex
    assert stock(cast, once=key).pk == stock(cast, once=key).pk
    assert StockedProduct.objects.count() == 1


def test_a_product_on_the_shelf_is_not_stocked_again(cast):
    stock(cast)
    with pytest.raises(BadInput, match="on the shelf already"):
        stock(cast)


@pytest.mark.parametrize("strength", ["3", "0", "-2", "2000000"])
def test_a_strength_that_nobody_makes_is_refused(cast, strength):
    with pytest.raises(BadInput, match="not a strength"):
        stock(cast, strength=strength)


def test_a_product_outside_the_formulary_is_refused(cast):
    with pytest.raises(BadInput, match="not in the formulary"):
        stock(cast, key="diazepam/uk/tablet/nothing")


def test_a_piece_that_nobody_knows_to_divide_is_given_whole(cast):
    form = form_with(None)
    row = stock(cast, key=form.key, strength=str(form.strengths_mg[0]))
    assert row.step == 1


def test_nobody_stocks_it_finer_than_the_facts_know(cast):
    form = form_with(None)
    with pytest.raises(BadInput, match="allowed by a pharmacist"):
        stock(cast, key=form.key, strength=str(form.strengths_mg[0]), smallest=Fraction(1, 2))


def test_a_pharmacist_allows_halves_by_name_and_reason(cast):
    form = form_with(None)
    row = stock(cast, key=form.key, strength=str(form.strengths_mg[0]))
    with pytest.raises(BadInput, match="Say why"):
        services.allow_split(product=row, smallest=Fraction(1, 2), reason=" ", by=cast.pharmacist, once=uuid4().hex)
    done = services.allow_split(
        product=row, smallest=Fraction(1, 2), reason="has a line, looked", by=cast.pharmacist, once=uuid4().hex
    )
    assert (done.step, done.allowed_by) == (Fraction(1, 2), cast.pharmacist)
    assert AuditLine.objects.filter(action="product.split_allowed").count() == 1


@pytest.mark.parametrize("role", ["nurse", "physician", "manager"])
def test_only_a_pharmacist_stocks_and_allows(cast, role):
    row = stock(cast)
    other = getattr(cast, role)
    with pytest.raises(NotAllowed):
        stock(cast, by=other, key="diazepam/uk/tablet/5", strength="5")
    with pytest.raises(NotAllowed):
        services.allow_split(product=row, smallest=Fraction(1, 4), reason="x", by=other, once=uuid4().hex)


def test_a_retired_product_is_gone_from_new_plans_and_can_come_back_without_its_allowance(cast):
    form = form_with(None)
    row = stock(cast, key=form.key, strength=str(form.strengths_mg[0]))
    services.allow_split(product=row, smallest=Fraction(1, 2), reason="line", by=cast.pharmacist, once=uuid4().hex)
    services.retire(product=row, by=cast.pharmacist, once=uuid4().hex)
    assert queries.stock(cast.centre) == ()
    with pytest.raises(ChangedMeanwhile, match="Hana Petrova retired"):
        services.retire(product=row, by=cast.pharmacist, once=uuid4().hex)
    back = stock(cast, key=form.key, strength=str(form.strengths_mg[0]))
    assert (back.pk, back.step, back.allowed_by) == (row.pk, Fraction(1), None)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_lists_the_shelf_with_what_the_facts_say(cast):
    form = form_with(None)
    stock(cast, key=form.key, strength=str(form.strengths_mg[0]))
    text = client_for(cast.nurse).get(PAGE).text
    assert "not known</span> so whole" in text
    assert "Put it on the shelf" not in text, "a nurse reads it"


def test_an_empty_shelf_says_that_no_dose_can_be_made(cast):
    assert "Nothing is stocked yet" in client_for(cast.manager).get(PAGE).text


def test_a_pharmacist_stocks_allows_and_retires_on_the_page(cast):
    form = form_with(None)
    client = client_for(cast.pharmacist)
    key = f"{form.key}|{form.strengths_mg[0]}"
    answer = client.post(reverse("supply:products"), {"product": key, "smallest": "", "once": uuid4().hex})
    assert answer.status_code == 303
    row = StockedProduct.objects.get()
    split = reverse("supply:allow_split", args=[row.public_id])
    refused = client.post(split, {"smallest": "1/2", "reason": "", "once": uuid4().hex})
    assert refused.status_code == 422
    assert "Say why" in refused.text
    allowed = client.post(split, {"smallest": "1/2", "reason": "has a line", "once": uuid4().hex})
    assert allowed.status_code == 303
    assert "allowed by Hana Petrova, “has a line”" in client.get(PAGE).text
    gone = client.post(reverse("supply:retire", args=[row.public_id]), {"once": uuid4().hex})
    assert gone.status_code == 303
    assert "No longer stocked" in client.get(PAGE).text


def test_a_product_that_is_not_on_the_list_comes_back_with_what_to_do(cast):
    answer = client_for(cast.pharmacist).post(
        reverse("supply:products"), {"product": "morphine|10", "smallest": "1/2", "once": "k"}
    )
    assert answer.status_code == 422
    assert "morphine|10 is not one of the available choices" in answer.text
    assert '<option value="1/2" selected>' in answer.text


@pytest.mark.parametrize("role", ["nurse", "manager", "physician"])
def test_a_wrong_role_is_refused_on_the_page(cast, role):
    row = stock(cast)
    client = client_for(getattr(cast, role))
    five = {"product": "diazepam/uk/tablet/5|5", "smallest": "", "once": uuid4().hex}
    assert "may not do this" in client.post(PAGE, five).text
    split = {"smallest": "1/4", "reason": "has a cross", "once": uuid4().hex}
    assert "may not do this" in client.post(reverse("supply:allow_split", args=[row.public_id]), split).text
    retired = client.post(reverse("supply:retire", args=[row.public_id]), {"once": uuid4().hex})
    assert retired.status_code == 403
    assert [one.pk for one, _ in queries.stock(cast.centre)] == [row.pk]
    assert StockedProduct.objects.get().smallest_quarters == row.smallest_quarters


def test_another_centres_product_is_not_found(cast):
    row = stock(cast)
    client = client_for(cast.stranger)
    assert client.post(reverse("supply:retire", args=[row.public_id]), {"once": uuid4().hex}).status_code == 404
