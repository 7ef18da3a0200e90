"""Whose word counts: the screen and the API of a connection."""

from __future__ import annotations

import pytest
from django.urls import reverse

from candidates.domain.owners import GROUPS
from recruitment.models import Role
from tests import factories as make
from tests.api import Api
from tests.candidates.views.screens import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin():
    return make.make_member(role=Role.ADMIN)


@pytest.fixture
def connection(admin):
    return make.make_connection(admin.workspace, "Greenhouse")


def post(member, connection, **chosen):
    everything = {**dict.fromkeys(GROUPS, "both"), **chosen}
    return signed_in(member).post(reverse("integrations:fields", args=[connection.pk]), everything)


def owners(connection):
    connection.source.refresh_from_db()
    return connection.source.field_owners


def test_groups_and_single_fields_are_kept(admin, connection):
    assert post(admin, connection, contact="source", phones="quorum").status_code == 302
    assert owners(connection) == {"contact": "source", "phones": "quorum"}


def test_the_screen_shows_what_is_set_with_the_group_opened(admin, connection):
    post(admin, connection, contact="source", phones="quorum")
    shown = signed_in(admin).get(reverse("integrations:fields", args=[connection.pk])).content.decode()
    assert '<option value="source" selected>Greenhouse</option>' in shown
    assert shown.count("<details open>") == 1


def test_a_second_owner_is_refused_beside_the_field(admin, connection):
    other = make.make_connection(admin.workspace, "Lever")
    post(admin, other, work="source")
    answer = post(admin, connection, skills="source")
    assert answer.status_code == 422
    assert "Lever owns this already." in answer.content.decode()


def test_what_is_no_choice_comes_back_with_an_error(admin, connection):
    assert post(admin, connection, contact="nobody").status_code == 422
    assert owners(connection) == {}


def test_the_api_reads_and_sets_them(admin, connection):
    api = Api(admin)
    answer = api.patch(f"connections/{connection.pk}/", {"field_owners": {"pay": "quorum", "emails": "source"}})
    assert (answer.status_code, answer.json()["field_owners"]) == (200, {"pay": "quorum", "emails": "source"})
    wrong = api.patch(f"connections/{connection.pk}/", {"field_owners": {"shoes": "source"}})
    assert (wrong.status_code, wrong.json()["errors"][0]["attr"]) == (400, "field_owners")
    assert api.patch(f"connections/{connection.pk}/", {"field_owners": [1]}).status_code == 400
