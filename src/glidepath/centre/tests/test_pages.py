"""What every answer carries, and how faults are told."""

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import reverse

from glidepath.centre.refusals import RefusalMiddleware
from glidepath.centre.tests.opened import opened_centre
from glidepath.faces.shell import errors
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.staff.models import Role, Staff

PASSWORD = "a long enough phrase"


@pytest.fixture
def nurse(db):
    centre = opened_centre()
    return Staff.objects.create_user("amara", password=PASSWORD, centre=centre, role=Role.NURSE, name="Amara Okafor")


@pytest.mark.django_db
def test_no_page_is_kept_by_the_browser_or_on_the_way(client):
    answer = client.get(reverse("account_login"))
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_every_page_forbids_foreign_and_inline_scripts(client):
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
def test_the_machine_says_it_is_up_and_nothing_else(client):
    assert client.get(reverse("alive")).content == b"ok\n"


def test_staff_sign_in_with_their_badge_name(client, nurse):
    answer = client.post(reverse("account_login"), {"login": "amara", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(nurse.pk)


@pytest.mark.usefixtures("nurse")
def test_a_wrong_password_says_what_to_check_and_keeps_the_name(client):
    answer = client.post(reverse("account_login"), {"login": "amara", "password": "wrong"})
    page = answer.content.decode()
    assert "do not fit together" in page
    assert 'value="amara"' in page
    assert "wrong" not in page.replace("do not fit together", "")


@pytest.mark.usefixtures("nurse")
def test_an_unknown_name_and_a_wrong_password_read_the_same(client):
    known = client.post(reverse("account_login"), {"login": "amara", "password": "x"}).context["form"].errors
    unknown = client.post(reverse("account_login"), {"login": "nobody", "password": "x"}).context["form"].errors
    assert known == unknown


@pytest.mark.usefixtures("nurse")
def test_the_eighth_wrong_password_for_a_name_is_the_last_for_five_minutes(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,8/5m/key"}
    for _ in range(8):
        client.post(reverse("account_login"), {"login": "amara", "password": "wrong"})
    answer = client.post(reverse("account_login"), {"login": "amara", "password": PASSWORD})
    assert "Too many tries" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_nobody_signs_up(client):
    answer = client.post(reverse("account_signup"), {"username": "eve", "password1": PASSWORD})
    assert "administrator" in answer.content.decode()
    assert not Staff.objects.filter(username="eve").exists()


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_what_to_do(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Look for the person by name" in answer.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_proof_of_origin_shows_what_was_typed():
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("account_login"), {"login": "amara", "password": "geheim"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "amara" in page
    assert "geheim" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("exception", "status"), [(NotAllowed("For nurses."), 403), (BadInput("Not a dose."), 422)])
def test_what_a_service_refused_reaches_the_screen_in_its_own_words(exception, status):
    refusals = RefusalMiddleware(lambda request: None)
    answer = refusals.process_exception(RequestFactory().get("/"), exception)
    assert answer.status_code == status
    assert exception.message in answer.content.decode()


@pytest.mark.django_db
def test_a_part_of_a_page_gets_the_message_alone():
    request = RequestFactory().get("/", headers={"HX-Request": "true"})
    page = errors.not_found(request, Http404()).content.decode()
    assert "<html" not in page
    assert "Not here" in page


def test_a_fault_of_ours_says_to_look_before_doing_it_again():
    page = errors.server_error(RequestFactory().get("/")).content.decode()
    assert "Look at the chart before you do it again" in page


def test_a_second_factor_is_asked_for_where_the_centre_demands_it(client, nurse, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(nurse, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/people/").url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200


@pytest.mark.parametrize("where", ["data", "query_params"])
def test_a_sign_that_cannot_be_kept_is_refused_with_what_was_typed(where, nurse, client):
    client.force_login(nurse, backend="django.contrib.auth.backends.ModelBackend")
    sent = {"words": "well\x00", "caller": "her sister"}
    answer = client.post(reverse("staff:pin"), **({"data": sent} if where == "data" else {"data": {}, where: sent}))
    assert answer.status_code == 400
    assert "Type it again" in answer.text
    assert where != "data" or "her sister" in answer.text
