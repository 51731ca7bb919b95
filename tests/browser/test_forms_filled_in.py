"""A form filled in by tapping, by keyboard, on the ward's tablet and by link; nothing is lost without a network."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.instruments import queries, services
from glidepath.care.instruments.models import GivenAnswer
from glidepath.record import clock
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.cast import PIN, admitted_person, make_centre

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return make_centre()


@pytest.fixture
def person(cast):
    return admitted_person(cast, preferred_name="Danilo")


@pytest.fixture
def form(cast, person):
    return services.open_form(person=person, instrument="phq_9", filled_by="self", by=cast.nurse)


@pytest.fixture
def at_the_form(page, cast, person, form, sign_in):
    """The nurse at the form, which can then be reached again by its address."""
    sign_in(page, cast.nurse.username)
    address = reverse("instruments:form", args=[person.public_id, form.public_id])
    page.goto(address)
    return address


def tap(page, item, words):
    page.locator(f"#item-{item}").get_by_text(words, exact=False).first.click()


def kept(form):
    """What stands, by item, once the page has sent everything."""
    return {row.item: row.answer for row in queries.given_to(form)}


def until_kept(page, form, number):
    for _ in range(400):
        if GivenAnswer.objects.filter(form=form).count() >= number:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"only {GivenAnswer.objects.filter(form=form).count()} of {number} answers arrived")


def test_tapped_through_on_a_phone_with_the_alarm_at_its_answer(page, at_the_form, form, person, axe):
    page.set_viewport_size(PHONE)
    axe(page)
    items = [item.key for item in queries.filling_of(form).instrument.items]
    for key in items[:8]:
        tap(page, key, "Several days")
    assert open_alarms([person]) == ()
    tap(page, "self_harm", "Several days")
    page.locator("#item-self_harm .alarm").wait_for()
    axe(page)
    assert len(open_alarms([person])) == 1
    heights = page.eval_on_selector_all(".answer__tap", "all => all.map(one => one.getBoundingClientRect().height)")
    assert min(height for height in heights if height) >= 44
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("heading", name="What it says").wait_for()
    assert "9, mild" in " ".join(page.locator(".big").inner_text().split())
    axe(page)


def test_by_keyboard_alone_a_number_answers_and_enter_goes_on(page, at_the_form, form):
    page.set_viewport_size(DESK)
    page.locator("#item-interest input").first.focus()
    for _ in range(9):
        page.keyboard.press("2")
        page.keyboard.press("Enter")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    until_kept(page, form, 10)
    assert page.evaluate("document.activeElement.name") == "finish"
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What it says").wait_for()
    assert queries.result_of(form).score.total == 18  # nine items answered 2


def test_arrow_keys_give_only_the_answer_they_stop_at(page, at_the_form, form, person):
    page.locator("#item-self_harm input").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    until_kept(page, form, 1)
    page.wait_for_timeout(300)
    assert [row.answer for row in queries.given_to(form)] == ["0"]
    assert open_alarms([person]) == ()


def test_a_closed_tab_goes_on_where_it_was(page, at_the_form, form):
    tap(page, "interest", "Nearly every day")
    tap(page, "mood", "Not at all")
    until_kept(page, form, 2)
    page.close()
    again = page.context.new_page()
    again.goto(at_the_form)
    assert again.locator("#item-interest input:checked").get_attribute("value") == "3"
    assert again.locator("#item-mood input:checked").get_attribute("value") == "0"
    assert again.locator("[data-answered]").inner_text() == "2"


def test_without_a_network_answers_wait_and_are_sent_in_order_on_its_return(page, at_the_form, form, person):
    tap(page, "interest", "Several days")
    until_kept(page, form, 1)
    page.context.set_offline(True)
    tap(page, "mood", "Nearly every day")
    tap(page, "self_harm", "Several days")
    tap(page, "mood", "Not at all")
    page.get_by_text("3 answers wait in this page").wait_for()
    assert kept(form) == {"interest": "1"}
    page.get_by_role("button", name="Finish").click()
    page.get_by_text("The form is not finished").wait_for()
    page.context.set_offline(False)
    until_kept(page, form, 4)
    rows = [(row.item, row.answer) for row in queries.given_to(form)]
    assert rows == [("interest", "1"), ("mood", "3"), ("self_harm", "1"), ("mood", "0")]
    page.locator("[data-waiting]").wait_for(state="hidden")
    page.locator("#item-self_harm .alarm").wait_for()
    assert len(open_alarms([person])) == 1


def test_the_page_warns_before_it_is_closed_while_something_waits(page, at_the_form, form):
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.context.set_offline(True)
    tap(page, "mood", "Several days")
    page.get_by_text("1 answer waits in this page").wait_for()
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    until_kept(page, form, 1)


def test_what_waits_is_there_after_a_reload_and_is_sent_once(page, at_the_form, form):
    page.on("dialog", lambda dialog: dialog.accept())
    answers = f"**{reverse('instruments:answer', args=[form.person.public_id, form.public_id])}"
    page.route(answers, lambda route: route.abort())
    tap(page, "mood", "Nearly every day")
    page.get_by_text("1 answer waits in this page").wait_for()
    page.wait_for_function("sessionStorage.length > 0")
    kept = page.evaluate("Object.values(sessionStorage).join()")
    assert not any(word in kept for word in ("mood", "given")), "sealed"
    page.unroute(answers)
    page.reload()
    until_kept(page, form, 1)
    page.wait_for_timeout(300)
    assert [(row.item, row.answer) for row in queries.given_to(form)] == [("mood", "3")]


def test_an_answer_that_arrived_though_the_page_did_not_hear_of_it_is_taken_once(page, at_the_form, form):
    answers = f"**{reverse('instruments:answer', args=[form.person.public_id, form.public_id])}"
    lost = []

    def arrives_but_says_nothing(route):
        route.fetch()
        lost.append(1)
        route.abort()

    page.route(answers, arrives_but_says_nothing)
    tap(page, "mood", "Nearly every day")
    until_kept(page, form, 1)
    page.wait_for_timeout(200)
    page.unroute(answers)
    page.locator("[data-waiting]").wait_for(state="hidden")
    assert lost
    assert GivenAnswer.objects.filter(form=form).count() == 1


def test_the_wards_tablet_is_locked_to_the_form_until_a_pin(page, at_the_form, form, person, axe):
    page.set_viewport_size(TABLET)
    page.get_by_role("button", name="On this tablet").click()
    page.get_by_role("heading", name="Questions for Danilo").wait_for()
    axe(page)
    for address in ("/", reverse("ward:chart", args=[person.public_id]), at_the_form):
        page.goto(address)
        assert page.url.endswith("/tablet/")
    page.go_back()
    page.reload()
    assert "Questions for Danilo" in page.content()
    tap(page, "mood", "Several days")
    until_kept(page, form, 1)
    page.get_by_role("button", name="I am done").click()
    page.get_by_role("heading", name="Please hand the tablet back").wait_for()
    axe(page)
    page.get_by_label("Staff PIN").fill(PIN)
    page.get_by_role("button", name="Take it back").click()
    page.get_by_role("heading", name="What it says").wait_for()


def test_by_link_the_birth_date_opens_it_and_a_safety_item_tells_whom_to_call(page, cast, form, person, axe):
    ends = clock.now() + dt.timedelta(days=3)
    _, token = services.make_link(form=form, ends_at=ends, by=cast.nurse)
    page.set_viewport_size(PHONE)
    page.goto(reverse("instruments:door", args=[token]))
    axe(page)
    assert "Danilo" not in page.content()
    page.get_by_label("Your date of birth").fill("1979-03-12")
    page.get_by_role("button", name="Open").click()
    page.get_by_role("heading", name="Questions for Danilo").wait_for()
    tap(page, "self_harm", "Several days")
    page.get_by_text("call the emergency services now").wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert len(open_alarms([person])) == 1
    page.get_by_role("button", name="I am done").click()
    page.get_by_role("heading", name="Your answers have arrived").wait_for()
    axe(page)
