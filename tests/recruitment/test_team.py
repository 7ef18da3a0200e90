"""Signing in, the team, and access for programs, as their users meet them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

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


def test_the_admins_own_way_in_counts_wrong_passwords_too(client):
    User.objects.create_superuser("staff@example.org", make.PASSWORD)
    url = reverse("admin:login")
    for _ in range(10):
        client.post(url, {"username": "staff@example.org", "password": "wrong"})
    assert client.post(url, {"username": "STAFF@example.org", "password": make.PASSWORD}).status_code == 429


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


def invite(client, mailoutbox, email="new@example.org", role=Role.REVIEWER):
    client.post(reverse("recruitment:members"), {"email": email, "role": role})
    return re.search(r"/join/[^\s]+", mailoutbox[-1].body).group(0)


def test_somebody_new_joins_by_the_link_once(client, admin, workspace, mailoutbox):
    link = invite(client, mailoutbox)
    client.logout()
    answer = client.post(link, {"full_name": "Nina Novak", "password": "a-fine-long-password"})
    member = Membership.objects.get(user__email="new@example.org")
    assert (answer.url, member.role, member.workspace, str(member)) == ("/", Role.REVIEWER, workspace, "Nina Novak")
    client.logout()
    assert client.get(link).status_code == 404


def test_a_weak_password_keeps_the_name_that_was_typed(client, admin, mailoutbox):
    link = invite(client, mailoutbox)
    client.logout()
    answer = client.post(link, {"full_name": "Nina Novak", "password": "short"})
    assert answer.status_code == 422
    assert "Nina Novak" in answer.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_invitation_is_for_its_address_alone(client, admin, mailoutbox):
    make.make_user("known@example.org")
    link = invite(client, mailoutbox, email="known@example.org")
    client.force_login(make.make_user("other@example.org"))
    client.post(link)
    assert not Membership.objects.filter(user__email__in=["known@example.org", "other@example.org"]).exists()


def test_the_database_keeps_no_secret_of_an_invitation(client, admin, mailoutbox):
    link = invite(client, mailoutbox)
    assert link.split("/")[2] not in Invitation.objects.get().token_hash


def test_a_name_with_line_breaks_adds_nothing_to_the_mail(admin, mailoutbox):
    admin.workspace.name = "Acme\r\nBcc: all@example.org"
    team.send_invitation(*team.invite(admin.workspace, "new@example.org", Role.REVIEWER, by=admin))
    assert (mailoutbox[0].to, mailoutbox[0].bcc) == (["new@example.org"], [])
    assert "\n" not in mailoutbox[0].subject


def test_inviting_again_replaces_the_link(client, admin, mailoutbox):
    first = invite(client, mailoutbox)
    again = reverse("recruitment:invite_again", args=[Invitation.objects.get().pk])
    assert client.post(again).url == reverse("recruitment:members")
    second = re.search(r"/join/[^\s]+", mailoutbox[-1].body).group(0)
    client.logout()
    assert "a newer one was sent" in client.get(first).content.decode()
    assert client.get(second).status_code == 200


def test_a_letter_that_does_not_leave_is_said_and_can_be_sent_again(client, admin, monkeypatch, mailoutbox):
    def refuse(*args, **kwargs):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr("recruitment.team.send_mail", refuse)
        page = client.post(
            reverse("recruitment:members"), {"email": "new@example.org", "role": "reviewer"}, follow=True
        )
    assert "the mail server didn&#x27;t take the letter" in page.content.decode()
    client.post(reverse("recruitment:invite_again", args=[Invitation.objects.get().pk]))
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]


def test_an_old_invitation_says_that_it_ran_out(client, admin, mailoutbox):
    link = invite(client, mailoutbox)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "ran out" in client.get(reverse("recruitment:members")).content.decode()
    client.logout()
    answer = client.post(link, {"full_name": "Nina Novak", "password": "a-fine-long-password"})
    assert (answer.status_code, User.objects.filter(email="new@example.org").exists()) == (404, False)
    assert "It was good for seven days" in answer.content.decode()


def test_who_is_signed_in_as_somebody_else_is_told_so(client, admin, mailoutbox):
    make.make_user("known@example.org")
    link = invite(client, mailoutbox, email="known@example.org")
    assert f"You are signed in as {admin.user.email}" in client.get(link).content.decode()


def test_an_account_made_meanwhile_is_no_error_and_leaves_the_invitation_open(admin):
    invitation, _secret = team.invite(admin.workspace, "new@example.org", Role.REVIEWER, by=admin)
    make.make_user("new@example.org")
    with pytest.raises(Conflict):
        team.join_as_new(invitation, full_name="Nina Novak", password="a-fine-long-password")
    assert Invitation.objects.open().count() == 1


def test_an_old_invitation_changes_no_role_of_somebody_who_was_let_in_again(admin):
    other = make.make_member(admin.workspace, Role.RECRUITER)
    team.change_member(other, by=admin, active=False)
    invitation, _secret = team.invite(admin.workspace, other.user.email, Role.REVIEWER, by=admin)
    team.change_member(other, by=admin, active=True)
    assert team.accept(invitation, other.user).role == Role.RECRUITER


def test_letting_somebody_in_again_brings_no_old_token_back(client, admin):
    other = make.make_member(admin.workspace, Role.RECRUITER)
    bearer = {"Authorization": f"Bearer {make.make_token(other)}"}
    team.change_member(other, by=admin, active=False)
    team.change_member(other, by=admin, active=True)
    client.logout()
    assert client.get("/api/v1/me/", headers=bearer).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_remove_each_other_at_once_leave_one(workspace):
    first, second = make.make_member(workspace, Role.ADMIN), make.make_member(workspace, Role.ADMIN)
    together = Barrier(2)

    def remove(member, by):
        together.wait(10)
        try:
            team.change_member(Membership.objects.get(pk=member.pk), by=by, active=False)
        except DomainError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(remove, (first, second), (second, first)))
    assert sorted(answers) == ["done", "refused"]
    assert Membership.objects.active().filter(workspace=workspace).count() == 1


def reset_link(mail):
    return re.search(r"/password/reset/[^\s]+", mail.body).group(0)


def test_a_new_password_works_once_ends_other_sessions_and_the_pause(client, mailoutbox):
    user = make.make_user("ana@example.org", password=make.PASSWORD)
    make.make_member(user=user)
    elsewhere = Client()
    elsewhere.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(11):
        sign_in(client, "ana@example.org", "wrong")
    client.post(reverse("recruitment:password_reset"), {"email": "Ana@Example.org"})
    form = client.get(reset_link(mailoutbox[0]), follow=True)
    typed = {"new_password1": "a-fine-new-password", "new_password2": "a-fine-new-password"}
    assert client.post(form.request["PATH_INFO"], typed).url == reverse("recruitment:login")
    assert elsewhere.get("/").status_code == 302
    assert sign_in(client, "ana@example.org", "a-fine-new-password").url == "/"
    assert "doesn't work any more" in Client().get(reset_link(mailoutbox[0]), follow=True).content.decode()


def test_who_has_no_password_yet_gets_one_by_mail(client, mailoutbox):
    _workspace, member = team.create_workspace("Acme", "acme", admin_email="boss@example.org")
    client.post(reverse("recruitment:password_reset"), {"email": member.user.email})
    assert mailoutbox[0].to == ["boss@example.org"]


def test_nobodys_mailbox_is_filled_by_others(client, mailoutbox):
    make.make_user("ana@example.org", password=make.PASSWORD)
    answers = {client.post(reverse("recruitment:password_reset"), {"email": "ana@example.org"}).url for _ in range(9)}
    assert (answers, len(mailoutbox)) == ({reverse("recruitment:password_reset_done")}, 5)


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(client, workspace):
    user = make.make_user("ana@example.org", password=make.PASSWORD)
    make.make_member(workspace, user=user)
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        sign_in(browser, "ana@example.org", make.PASSWORD)
    new = "a-fine-new-password"
    typed = {"old_password": make.PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post(reverse("recruitment:password"), typed).url == reverse("recruitment:settings")
    assert (here.get("/").status_code, elsewhere.get("/").status_code) == (200, 302)


@pytest.mark.parametrize("demo, shown", [(True, 5), (False, 0)])
def test_only_the_demo_names_its_logins(client, settings, demo, shown):
    settings.DEMO = demo
    page = client.get(reverse("recruitment:login")).content.decode()
    assert len(re.findall(r"<li><code>\w+@\w+\.test</code></li>", page)) == shown


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


@pytest.mark.parametrize(
    "name, slug, email, field",
    [
        ("Acme", "a" * 51, "boss@example.org", "slug"),
        ("Acme", "no slug", "boss@example.org", "slug"),
        ("", "acme", "boss@example.org", "name"),
        ("Acme", "acme", "nobody", "email"),
    ],
)
def test_a_workspace_is_not_founded_on_nonsense(name, slug, email, field):
    with pytest.raises(DomainError) as refusal:
        team.create_workspace(name, slug, admin_email=email)
    assert refusal.value.field == field
    assert not User.objects.filter(email=email).exists()
