"""The components as the pages get them: a form that came back, a tap row, a difference, the banner."""

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from glidepath.clinical.dosing.plan import Kind, Made, Product
from glidepath.faces.shell import banner, navigation
from glidepath.faces.shell.templatetags.glidepath import STATUS_ICONS
from glidepath.record.people.models import Person


def rendered(source, **context):
    return Template(source).render(Context(context))


class DoseForm(forms.Form):
    dose = forms.DecimalField(label="Dose a day, mg", help_text="As on the label")


def test_a_field_that_came_back_shows_its_error_above_the_box_and_keeps_what_was_typed():
    html = rendered("{% field form.dose %}", form=DoseForm({"dose": "17,3x"}))
    assert 'value="17,3x"' in html
    assert html.index("field__error") < html.index("<input")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_dose-error id_dose-hint"' in html


def test_a_number_that_is_none_comes_back_as_it_was_typed():
    html = rendered("{% field form.dose %}", form=DoseForm({"dose": "17,3x"}))
    assert 'type="text"' in html  # a number box would come back empty
    assert 'inputmode="decimal"' in html


def test_the_summary_of_a_form_links_each_fault_to_its_box():
    html = render_to_string("components/errors.html", {"form": DoseForm({"dose": ""})})
    assert "One thing to mend" in html
    assert 'href="#id_dose"' in html


def test_the_last_answer_is_ringed_and_never_chosen():
    choices = [(0, "0", "calm"), (-1, "−1", "drowsy")]
    html = render_to_string(
        "components/tap_row.html", {"name": "rass", "legend": "RASS", "choices": choices, "last": 0}
    )
    assert "tap--last" in html
    assert "checked" not in html


def test_zero_is_an_answer_and_can_be_chosen():
    choices = [(0, "0", ""), (1, "1", "")]
    html = render_to_string("components/tap_row.html", {"name": "k", "legend": "Item", "choices": choices, "value": 0})
    assert re.search(r'value="0" checked', html)
    assert html.count("checked") == 1


# The loop that a template would need, slower: the oracle of what stands in components/chips.html.
CHIPS = """{% for one, word in choices %}<label class="chip"><input type="{% if many %}checkbox{% else %}radio{% endif %}" name="{{ name }}" value="{{ one }}"{% if many %}{% if one in values %} checked{% endif %}{% elif value is not None and value|stringformat:"s" == one|stringformat:"s" %} checked{% endif %}><span>{{ word }}</span></label>{% endfor %}"""  # noqa: E501
ODD = [("", "no <answer>"), ("a&b", "a & b"), (0, "zero"), (1234567, "many"), (Decimal("0.5"), 'half a "5"')]


@pytest.mark.parametrize(
    "given",
    [
        *({"value": value} for value in (None, "", 0, "0", 1234567, Decimal("0.5"), "0.5", "a&b", "none of them")),
        *({"many": True, "values": values} for values in ([], [0], ["0"], ["a&b", ""], [Decimal("0.5")], None, "")),
        {},
    ],
)
def test_choices_are_written_and_chosen_as_a_template_would(given):
    given = {"name": "x<y", "legend": "Which?", "choices": ODD, **given}
    whole = render_to_string("components/chips.html", given)
    wanted = rendered(CHIPS, **given)
    if given.get("values") == "":
        wanted = wanted.replace(" checked", "")  # every text holds the empty one; nothing given is nothing chosen
    assert wanted in whole
    assert wanted.count("<label") == len(ODD)


def test_without_choices_there_is_nothing_to_tap():
    assert "<label" not in render_to_string("components/chips.html", {"name": "x", "legend": "Which?"})


def test_a_difference_strikes_the_old_and_underlines_the_new_and_says_what_is_the_same():
    rows = [("Today", "20 mg", "20 mg"), ("21 Nov", "18 mg", "19 mg")]
    html = render_to_string("components/diff.html", {"before_name": "6", "after_name": "7", "rows": rows})
    assert "20 mg, same" in html
    assert '<del class="minus">18 mg</del>' in html
    assert '<ins class="plus">19 mg</ins>' in html


def test_drawn_tablets_are_said_to_those_who_listen():
    five = Product("diazepam", Decimal(5), "tablet", Kind.SOLID, Fraction(1, 2))
    html = rendered("{% pills made %}", made=[Made(five, Fraction(1, 2))])
    assert 'aria-label="half a 5\u00a0mg tablet"' in html
    assert "pill-ghost" in html


def test_a_dose_shows_its_amount_and_unit_together():
    html = render_to_string("components/dose.html", {"medicine": "diazepam", "mg": Decimal("2.50"), "line": True})
    assert "2.5&nbsp;<small>mg</small>" in html


@pytest.mark.parametrize("name", ["mg", "ng_mg", "figure", "percent", "clock", "day", "weekday", "ago", "over"])
def test_a_value_that_is_not_there_is_written_as_nothing_and_never_as_zero(name):
    assert rendered("{{ nothing|" + name + " }}", nothing=None) == ""
    assert rendered("{{ not_given|" + name + " }}") == ""


def test_a_form_that_came_back_keeps_its_once_key():
    request = RequestFactory().post("/", {"once": "a1b2"})
    assert 'value="a1b2"' in rendered("{% once %}", request=request)


def test_a_new_form_gets_a_new_once_key():
    request = RequestFactory().get("/")
    keys = {re.search('value="([0-9a-f]{32})"', rendered("{% once %}", request=request))[1] for _ in range(3)}
    assert len(keys) == 3


def test_a_card_names_itself_to_those_who_listen():
    html = rendered('{% card "Findings" note="2 warnings" key="fd" %}<p>inside</p>{% endcard %}')
    assert 'aria-labelledby="fd"' in html
    assert '<h2 id="fd">Findings</h2>' in html
    assert "<p>inside</p>" in html


def test_every_icon_asked_for_is_in_the_sprite():
    source = settings.BASE_DIR / "src/glidepath"
    sprite = ElementTree.parse(source / "faces/shell/static/glidepath/icons.svg").getroot()
    drawn = {symbol.get("id").removeprefix("i-") for symbol in sprite}
    asked = set(STATUS_ICONS.values()) | set(banner.FLAG_ICONS.values())
    for template in source.glob("**/templates/**/*.html"):
        asked |= set(re.findall(r'{% icon "([a-z-]+)"', template.read_text()))
    assert asked <= drawn


def marta():
    from glidepath.record.centres.models import Centre

    centre = Centre(name="Hollin House", time_zone="Europe/London")
    return Person(
        centre=centre,
        number=20417,
        preferred_name="Marta",
        legal_name="Marta Lindqvist",
        birth_date=dt.date(1979, 3, 12),
    )


def test_alone_the_shell_draws_every_flag_as_not_asked(monkeypatch):
    monkeypatch.setattr(banner, "_fillers", [])
    shown = banner.banner_for(RequestFactory().get("/"), marta(), {})
    assert {flag.state for flag in shown.flags} == {"unknown"}
    html = render_to_string("components/banner.html", {"banner": shown})
    assert html.count("not asked") == 7  # six flags and the allergies
    assert "born 12-Mar-1979" in html


def test_allergies_not_asked_none_known_and_known_look_different():
    def shown(allergies):
        return render_to_string(
            "components/banner.html", {"banner": banner.bare(marta(), allergies=allergies, flags=())}
        )

    assert "not asked" in shown(None)
    assert "none known" in shown(())
    assert "Penicillin: rash" in shown(("Penicillin: rash",))


def test_a_flag_knows_only_its_four_states():
    with pytest.raises(ValueError, match="active, watch, clear, unknown"):
        banner.Flag("fall", "maybe")


def test_somebody_without_an_account_is_shown_no_places():
    request = RequestFactory().get("/")
    request.user = None
    assert navigation.places(request) == []


@pytest.mark.django_db
def test_every_page_says_who_is_signed_in_how_late_it_is_and_when_it_was_printed(frozen_clock, rf):
    from glidepath.record.centres.models import Centre
    from glidepath.record.staff.models import Role, Staff

    centre = Centre.objects.create(name="Hollin House", time_zone="Europe/Berlin")
    request = rf.get("/")
    request.user = Staff.objects.create_user("amara", centre=centre, role=Role.NURSE, name="Amara Okafor")
    with timezone.override(centre.zone):
        html = render_to_string("base.html", request=request)
    said = html.replace("\u00a0", " ")
    assert "Amara Okafor, nurse" in said
    assert "Tue 17 Nov 14:14" in said  # 13:14 in UTC
    assert "Printed Tue 17 Nov 2026 14:14 by Amara Okafor, Hollin House." in said
    assert 'action="/sign-out/"' in html
    assert 'href="#main"' in html
