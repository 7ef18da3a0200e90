"""Signing in, the team, and access for programs, as their users meet them."""

import re

import pytest
from django.urls import reverse

from recruitment import team
from recruitment.errors import Conflict, DomainError
from recruitment.models import ApiToken, Invitation, Membership, Role, User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace():
    return make.make_workspace("Northwind")


@pytest.fixture
def admin(workspace, client):
    member = make.make_member(workspace, Role.ADMIN, full_name="Ana Koc")
    client.force_login(member.user)
    return member


def sign_in(client, email, password, **more):
    return client.post(reverse("recruitment:login"), {"username": email, "password": password, **more})


def test_the_address_works_in_any_case_and_the_session_changes(client, workspace):
    user = make.make_user("ana@example.org", password=make.PASSWORD)
    make.make_member(workspace, user=user)
    client.get(reverse("recruitment:login"))
    before = client.session.session_key
    assert sign_in(client, "ANA@Example.org", make.PASSWORD).status_code == 302
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    make.make_user("ana@example.org", password=make.PASSWORD)
    words = "No account has this e-mail address and password."
    assert words in sign_in(client, "ana@example.org", "wrong").content.decode()
    assert words in sign_in(client, "nobody@example.org", "wrong").content.decode()


def test_ten_wrong_passwords_pause_signing_in_even_with_the_right_one(client):
    make.make_user("ana@example.org", password=make.PASSWORD)
    for _ in range(10):
        sign_in(client, "ana@example.org", "wrong")
    answer = sign_in(client, "ana@example.org", make.PASSWORD)
    assert answer.status_code == 429
    assert "pauses for 10 minutes" in answer.content.decode()


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_leads_only_to_this_site(client, workspace, wanted):
    make.make_member(workspace, user=make.make_user("ana@example.org", password=make.PASSWORD))
    assert sign_in(client, "ana@example.org", make.PASSWORD, next=wanted).url == "/"


def test_a_fragment_without_a_session_sends_the_page_to_sign_in(client):
    answer = client.get("/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == reverse("recruitment:login")


def test_a_removed_member_is_out_at_once(client, admin):
    assert client.get("/").status_code == 200
    Membership.objects.filter(pk=admin.pk).update(is_active=False)
    assert client.get("/").url == reverse("recruitment:no_workspace")


def test_switching_goes_only_to_ones_own_workspaces(client, admin):
    mine, foreign = make.make_workspace("Second"), make.make_workspace("Foreign")
    make.make_member(mine, user=admin.user)
    url = reverse("recruitment:switch_workspace")
    assert client.post(url, {"workspace": mine.slug}).status_code == 302
    assert "Second" in client.get("/").content.decode()
    assert client.post(url, {"workspace": foreign.slug}).status_code == 404


def test_the_link_of_a_new_password_never_names_the_host_of_the_request(client, mailoutbox, settings):
    settings.ALLOWED_HOSTS = ["*"]
    make.make_user("ana@example.org", password=make.PASSWORD)
    client.post(reverse("recruitment:password_reset"), {"email": "ana@example.org"}, headers={"Host": "evil.example"})
    assert "evil.example" not in mailoutbox[0].body
    assert settings.SITE_URL in mailoutbox[0].body


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, mailoutbox):
    answer = client.post(reverse("recruitment:password_reset"), {"email": "nobody@example.org"})
    assert (answer.url, mailoutbox) == (reverse("recruitment:password_reset_done"), [])


def invite(client, capture, mailoutbox, email="new@example.org", role=Role.REVIEWER):
    with capture(execute=True):
        client.post(reverse("recruitment:members"), {"email": email, "role": role})
    return re.search(r"/join/[^\s]+", mailoutbox[-1].body).group(0)


def test_somebody_new_joins_by_the_link_once(client, admin, workspace, mailoutbox, django_capture_on_commit_callbacks):
    link = invite(client, django_capture_on_commit_callbacks, mailoutbox)
    client.logout()
    answer = client.post(link, {"full_name": "Nina Novak", "password": "a-fine-long-password"})
    member = Membership.objects.get(user__email="new@example.org")
    assert (answer.url, member.role, member.workspace, str(member)) == ("/", Role.REVIEWER, workspace, "Nina Novak")
    client.logout()
    assert client.get(link).status_code == 404


def test_a_weak_password_keeps_the_name_that_was_typed(client, admin, mailoutbox, django_capture_on_commit_callbacks):
    link = invite(client, django_capture_on_commit_callbacks, mailoutbox)
    client.logout()
    answer = client.post(link, {"full_name": "Nina Novak", "password": "short"})
    assert answer.status_code == 422
    assert "Nina Novak" in answer.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_invitation_is_for_its_address_alone(client, admin, mailoutbox, django_capture_on_commit_callbacks):
    make.make_user("known@example.org")
    link = invite(client, django_capture_on_commit_callbacks, mailoutbox, email="known@example.org")
    client.force_login(make.make_user("other@example.org"))
    client.post(link)
    assert not Membership.objects.filter(user__email__in=["known@example.org", "other@example.org"]).exists()


def test_the_database_keeps_no_secret_of_an_invitation(client, admin, mailoutbox, django_capture_on_commit_callbacks):
    link = invite(client, django_capture_on_commit_callbacks, mailoutbox)
    assert link.split("/")[2] not in Invitation.objects.get().token_hash


def test_a_name_with_line_breaks_adds_nothing_to_the_mail(admin, mailoutbox, django_capture_on_commit_callbacks):
    admin.workspace.name = "Acme\r\nBcc: all@example.org"
    with django_capture_on_commit_callbacks(execute=True):
        team.invite(admin.workspace, "new@example.org", Role.REVIEWER, by=admin)
    assert (mailoutbox[0].to, mailoutbox[0].bcc) == (["new@example.org"], [])
    assert "\n" not in mailoutbox[0].subject


def test_a_workspace_keeps_an_admin(admin):
    other = make.make_member(admin.workspace, Role.ADMIN)
    team.change_member(other, by=admin, role=Role.RECRUITER)
    with pytest.raises(DomainError):
        team.change_member(admin, by=admin, role=Role.REVIEWER)
    other.refresh_from_db()
    with pytest.raises(Conflict):
        team.change_member(admin, by=other, active=False)


def test_reviewers_and_recruiters_change_nobody(client, admin):
    recruiter = make.make_member(admin.workspace, Role.RECRUITER)
    client.force_login(recruiter.user)
    answer = client.post(reverse("recruitment:member", args=[admin.pk]), {"role": "reviewer"})
    assert answer.status_code == 403
    assert Membership.objects.get(pk=admin.pk).role == Role.ADMIN


def test_a_token_is_shown_once_and_works_until_it_is_revoked(client, admin):
    page = client.post(reverse("recruitment:tokens"), {"name": "Nightly export"}).content.decode()
    secret = re.search(r"qrm_[\w-]+", page).group(0)
    assert secret not in client.get(reverse("recruitment:tokens")).content.decode()
    bearer = {"Authorization": f"Bearer {secret}"}
    client.logout()
    assert client.get("/api/v1/me/", headers=bearer).status_code == 200
    client.force_login(admin.user)
    client.post(reverse("recruitment:revoke_token", args=[ApiToken.objects.get().pk]))
    client.logout()
    assert client.get("/api/v1/me/", headers=bearer).status_code == 401


def test_all_items_of_the_menu_lead_somewhere():
    from recruitment.templatetags.quorum import NAV

    assert all(reverse(item.url_name) for item in NAV)


def test_founding_a_workspace_gives_its_admin_a_way_in(client):
    _workspace, member = team.create_workspace("Acme", "acme", admin_email="Boss@Example.org")
    path = team.password_link(member.user).split("/", 3)[3]
    assert client.get(f"/{path}", follow=True).status_code == 200
    assert (member.user.email, member.role) == ("boss@example.org", Role.ADMIN)
    with pytest.raises(Conflict):
        team.create_workspace("Acme", "acme", admin_email="boss@example.org")
