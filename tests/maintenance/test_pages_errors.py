"""What a person sees when it does not work."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from fleet.kit import failures
from fleet.owners.models import Role, User
from tests.scenes import PASSWORD, a_car, a_fleet, a_member

pytestmark = pytest.mark.django_db


def test_sign_in_with_a_wrong_password_keeps_the_address_and_says_so(client):
    a_member(a_fleet(), email="ana@fleet.example", password=PASSWORD)

    answer = client.post("/accounts/login/", {"login": "ana@fleet.example", "password": "wrong"})
    page = answer.content.decode()
    assert 'value="ana@fleet.example"' in page and 'role="alert"' in page

    answer = client.post("/accounts/login/?next=/vehicles/", {"login": "ana@fleet.example", "password": PASSWORD})
    assert answer["Location"] == "/vehicles/"


def test_the_sign_in_page_names_nobody_outside_of_the_demo(client, settings):
    a_member(a_fleet(), email="ana@fleet.example")
    assert "ana@fleet.example" not in client.get("/accounts/login/").content.decode()

    settings.DEMO = True
    page = client.get("/accounts/login/").content.decode()
    assert "ana@fleet.example" in page and "printed by" in page


def test_somebody_without_a_fleet_is_told_and_can_leave(client):
    client.force_login(User.objects.create_user("lost@fleet.example", PASSWORD))

    answer = client.get("/")

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "no fleet yet" in page and "Sign out" in page


def test_a_wrong_role_and_a_wrong_address_get_pages_of_ours(client):
    client.force_login(a_member(a_fleet(), Role.VIEWER).user)

    assert "not yours to open" in client.get("/outbox/").content.decode()
    assert "nothing here" in client.get("/vehicles/999999/").content.decode()


def test_a_form_without_its_key_is_explained():
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/accounts/login/", {"login": "a@x.example", "password": "b"})

    assert answer.status_code == 403
    assert "The form was too old" in answer.content.decode()


@pytest.mark.parametrize("status", failures.WORDS)
def test_the_page_of_a_failure_asks_nothing_of_the_database(status, rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = failures.said(rf.get("/orders/"), status)

    page = answer.content.decode()
    assert answer.status_code == status and failures.WORDS[status][0] in page
    assert "css/fleet" in page and 'href="/"' in page and "where you were" not in page


def test_where_not_even_that_page_can_be_drawn_the_words_still_come(rf, settings):
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [], "APP_DIRS": False}]

    answer = failures.said(rf.get("/"), 500)

    assert answer.status_code == 500 and "<h1>Something broke on our side</h1>" in answer.content.decode()


def test_the_way_back_leads_to_pages_of_ours_only(rf):
    for came, back in (
        ("http://testserver/orders/?show=mine", "/orders/?show=mine"),
        ("http://elsewhere.example/orders/", ""),
        ("javascript:alert(1)", ""),
        ("http://testserver/gone/", ""),
    ):
        assert failures.before(rf.get("/gone/", headers={"Referer": came})) == back


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client):
    car = a_car(a_fleet())

    answer = client.post(f"/vehicles/{car.pk}/retire/", headers={"Referer": f"http://testserver/vehicles/{car.pk}/"})

    assert answer["Location"] == f"/accounts/login/?next=/vehicles/{car.pk}/"


def test_an_address_that_only_takes_answers_says_so_to_people_and_nothing_to_programs(client):
    client.force_login(a_member(a_fleet()).user)

    person = client.get("/alerts/acknowledge/", headers={"Accept": "text/html,*/*"})
    program = client.get("/alerts/acknowledge/", headers={"Accept": "application/json"})

    assert person.status_code == program.status_code == 405
    assert "only takes answers" in person.content.decode() and person["Allow"] == program["Allow"] == "POST"
    assert program.content == b""


def test_who_tries_a_password_too_often_reads_our_words(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip", "login_failed": "1/m/ip"}
    a_member(a_fleet(), email="ana@fleet.example", password=PASSWORD)

    for _ in range(3):
        answer = client.post("/accounts/login/", {"login": "ana@fleet.example", "password": "wrong"})

    assert answer.status_code == 429 and "Too many tries" in answer.content.decode()


@pytest.mark.parametrize(("error", "status"), [(OperationalError, 503), (InterfaceError, 503), (ValueError, 500)])
def test_a_database_that_is_gone_is_told_from_a_fault_of_ours(rf, error, status):
    try:
        raise error("the server closed the connection")
    except error:
        answer = failures.broken(rf.get("/"))

    assert answer.status_code == status and answer.has_header("Retry-After") == (status == 503)


@pytest.mark.parametrize("where", ["password/change", "password/reset", "2fa", "sessions", "email", "logout"])
def test_account_pages_wear_our_look_and_carry_no_inline_style(client, where):
    client.force_login(a_member(a_fleet()).user)

    page = client.get(f"/accounts/{where}/", follow=True).content.decode()

    assert "css/fleet.css" in page and "<h1>" in page
    assert " style=" not in page and all("src=" in tag.split(">")[0] for tag in page.split("<script")[1:])


def test_a_person_of_two_fleets_changes_between_them(client):
    first, second = a_fleet("First Fleet"), a_fleet("Second Fleet")
    member = a_member(first)
    second.memberships.create(user=member.user, role=Role.VIEWER)
    client.force_login(member.user)

    assert f"/?fleet={second.pk}" in client.get("/").content.decode()
    client.get(f"/?fleet={second.pk}")

    assert "<small>Second Fleet</small>" in client.get("/vehicles/").content.decode()
    assert client.get("/outbox/").status_code == 403
