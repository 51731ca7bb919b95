"""The boxes of our own readings: one for each number, kept for the centre, refused out of range, and truly used."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from glidepath.clinical.facts.centre_settings import setting_facts
from glidepath.clinical.facts.load import clinical_settings
from glidepath.record.audit.models import AuditLine
from glidepath.record.audit.verify import Verified, verify
from glidepath.record.centres import queries, services
from glidepath.record.centres.forms import OWN_READING, LimitsForm
from glidepath.record.centres.models import CentreSettings
from glidepath.record.centres.readings import COLUMNS, clinical_of, without_a_column
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import Cast
from tests.clinical.centre_effects import EFFECTS

pytestmark = pytest.mark.django_db
PAGE = "centres:settings"


def _sent(cast: Cast, **changed: str) -> dict[str, Any]:
    """The whole form as the page sends it, with some boxes changed."""
    form = LimitsForm(initial=LimitsForm.initial_of(queries.settings_of(cast.centre)))
    boxes = {box.name: box.value() for box in form if box.value() is not None}
    return {**boxes, "seen": queries.settings_version(cast.centre), **changed}


def _box(name: str, value: str) -> tuple[str, str]:
    """The name and the content of the box of a setting, in the box's unit."""
    column, factor = COLUMNS.get(name, (name, 1))
    return column, value if factor == 1 else str(int(float(value) * factor))


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.manager)
    return client


def test_every_number_of_our_own_reading_has_exactly_one_box_under_its_question(cast: Cast, client: Client) -> None:
    form = LimitsForm(initial=LimitsForm.initial_of(queries.settings_of(cast.centre)))
    boxes = Counter(box.name for group in form.groups() for box in group.boxes)
    assert boxes == Counter(_box(name, "1")[0] for name in setting_facts())
    assert not {box.name for box in form.others()} & boxes.keys()
    page = client.get(reverse(PAGE)).content.decode()
    for name, fact in setting_facts().items():
        assert page.count(f' name="{_box(name, "1")[0]}"') == 1, name
        assert fact.asks in page
    assert page.count(OWN_READING) == len(setting_facts())


@pytest.mark.parametrize("name", EFFECTS)
def test_a_number_changed_on_the_page_changes_what_is_said(cast: Cast, client: Client, name: str) -> None:
    value, effect = EFFECTS[name]
    box, typed = _box(name, value)
    done = client.post(reverse(PAGE), _sent(cast, **{box: typed}))
    assert done.status_code == 302
    here = clinical_of(queries.settings_of(cast.centre))
    assert effect(here) != effect(clinical_settings())
    assert [change.by for change in queries.setting_changes(cast.centre)] == ["Ruth Aldous"]
    (line,) = AuditLine.objects.filter(centre=cast.centre, action="settings.changed")
    assert line.actor_id == cast.manager.pk
    assert isinstance(verify(cast.centre), Verified)


@pytest.mark.parametrize("name", without_a_column())
def test_a_number_out_of_range_is_refused_and_nothing_is_lost(cast: Cast, client: Client, name: str) -> None:
    fact = setting_facts()[name]
    other = "very_long_use_months" if name != "very_long_use_months" else "ciwa_b_rise"
    kept = "7" if other == "very_long_use_months" else "8"
    for wrong in (str(fact.high + 1), str(fact.low - 1), "much"):
        back = client.post(reverse(PAGE), _sent(cast, **{name: wrong, other: kept}))
        page = back.content.decode()
        assert back.status_code == 422
        assert f'value="{wrong}"' in page
        assert f'name="{other}" value="{kept}"' in page
        assert "cannot be. Give" in page or "Enter a number" in page
    assert queries.settings_of(cast.centre).readings == {}
    with pytest.raises(BadInput, match="cannot be"):
        services.change_settings(centre=cast.centre, changes={name: fact.high + 1}, by=cast.manager)


def test_all_refusals_are_said_at_once_and_their_groups_stand_open(cast: Cast, client: Client) -> None:
    wrong = {"ciwa_b_rise": "50", "hold_rr_below": "3"}
    page = client.post(reverse(PAGE), _sent(cast, **wrong)).content.decode()
    assert page.count("cannot be. Give") >= 2
    assert page.count("<details open>") == 2


def test_an_emptied_box_and_the_default_itself_are_the_default(cast: Cast, client: Client) -> None:
    for typed in ("", "10", "10.0"):
        services.change_settings(centre=cast.centre, changes={"ciwa_b_rise": 8}, by=cast.manager)
        assert queries.settings_of(cast.centre).readings == {"ciwa_b_rise": "8"}
        client.post(reverse(PAGE), _sent(cast, ciwa_b_rise=typed))
        assert queries.settings_of(cast.centre).readings == {}


def test_a_form_without_the_boxes_leaves_the_numbers_as_they_are(cast: Cast, client: Client) -> None:
    services.change_settings(centre=cast.centre, changes={"ciwa_b_rise": 8}, by=cast.manager)
    sent = {name: value for name, value in _sent(cast).items() if name not in without_a_column()}
    assert client.post(reverse(PAGE), sent).status_code == 302
    assert queries.settings_of(cast.centre).readings == {"ciwa_b_rise": "8"}


@pytest.mark.parametrize("role", ["physician", "nurse", "pharmacist", "auditor", "administrator"])
def test_only_the_manager_changes_our_readings(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        services.change_settings(centre=cast.centre, changes={"ciwa_b_rise": 8}, by=getattr(cast, role))
    client = Client()
    client.force_login(getattr(cast, role))
    assert client.post(reverse(PAGE), _sent(cast, ciwa_b_rise="8")).status_code == 403
    assert queries.settings_of(cast.centre).readings == {}


def test_a_number_kept_under_an_older_range_counts_as_the_nearest_end(cast: Cast) -> None:
    row = CentreSettings(
        centre=cast.centre, last_step_max_micrograms=5000, readings={"hold_rr_below": "4", "gone": "1"}
    )
    assert clinical_of(row).last_step_max_diazepam_mg == 1
    assert clinical_of(row).hold_rr_below == 10


def test_a_name_with_a_column_or_without_a_meaning_is_told(cast: Cast) -> None:
    for name in ("default_cut_percent", "ceiling_percent"):
        with pytest.raises(BadInput):
            services.change_settings(centre=cast.centre, changes={name: 20}, by=cast.manager)


def test_another_centre_keeps_its_own(cast: Cast) -> None:
    services.change_settings(centre=cast.centre, changes={"ciwa_b_rise": 8}, by=cast.manager)
    by_centre = queries.clinical_settings_by_centre([cast.centre.pk, cast.other_centre.pk])
    assert (by_centre[cast.centre.pk].ciwa_b_rise, by_centre[cast.other_centre.pk].ciwa_b_rise) == (8, 10)


def test_what_was_kept_under_the_old_bounds_is_brought_in_order_and_the_history_says_so(cast: Cast) -> None:
    old = {"interval_days": 21, "last_step_max_micrograms": 5000, "doses_not_taken_hours": 48}
    CentreSettings.objects.filter(centre=cast.centre).update(**old)
    import_module("glidepath.record.centres.migrations.0007_the_least_interval_stays").keep(apps, None)
    row = queries.settings_of(cast.centre)
    assert (row.last_step_max_micrograms, row.doses_not_taken_hours, row.interval_days) == (1000, 36, 21)
    assert clinical_of(row).min_interval_days == 21
    assert {change.by for change in queries.setting_changes(cast.centre)} == {"the system"}
    assert queries.settings_of(cast.other_centre).readings == {}
