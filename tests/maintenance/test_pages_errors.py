"""What a person sees when it does not work."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from fleet.owners.models import Role, User
from tests.scenes import PASSWORD, a_fleet, a_member

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


@pytest.mark.parametrize("page", ["400.html", "500.html"])
def test_the_last_pages_need_nothing(page, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "<h1>" in render_to_string(page)


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
