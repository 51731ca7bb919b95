"""A repeated submit finds what the first one did."""

from __future__ import annotations

import uuid

import pytest
from django.db import transaction

from glidepath.record.audit import once
from glidepath.record.errors import BadInput


@pytest.mark.django_db
def test_a_key_is_found_again_with_its_result() -> None:
    key = uuid.uuid4().hex
    with transaction.atomic():
        assert once.found(key, "dose.given") is None
        once.remember(key, "dose.given", 7)
    with transaction.atomic():
        assert once.found(key, "dose.given") == 7


@pytest.mark.django_db
def test_a_key_used_for_something_else_is_bad_input() -> None:
    key = uuid.uuid4().hex
    with transaction.atomic():
        once.remember(key, "dose.given", 7)
    with transaction.atomic(), pytest.raises(BadInput, match="Open the page again"):
        once.found(key, "order.signed")


@pytest.mark.django_db
def test_an_act_without_a_key_is_never_found() -> None:
    with transaction.atomic():
        once.remember("", "dose.given", 7)
        assert once.found("", "dose.given") is None
