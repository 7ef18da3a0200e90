"""Settings of tags, talent pools and rejection reasons."""

import pytest
from django.urls import reverse

from candidates.enums import RecordKind
from candidates.models import PoolMember, RejectionReason, SourceRecord, Tag, TalentPool
from tests import factories as make
from tests.candidates.views.screens import MOST, queries_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make.make_member()


@pytest.fixture
def client(member):
    return signed_in(member)


def upstream(source, external_id, name, reason=None):
    """A reason as the source lists it."""
    return SourceRecord.objects.create(
        workspace_id=source.workspace_id,
        source=source,
        kind=RecordKind.REASON,
        external_id=external_id,
        reason=reason,
        imported={"name": name},
        last_seen_at="2026-01-01T00:00:00Z",
    )


def test_a_renamed_tag_keeps_its_people_and_the_place_in_the_list(client, member):
    tag = make.make_tag(member.workspace, "remote")
    make.tag_candidate(make.make_candidate(member.workspace), tag)
    answer = client.post(reverse("candidates:tag_rename", args=[tag.pk]) + "?q=rem", {"name": "Works remotely"})
    assert answer.url == reverse("candidates:tags") + "?q=rem"
    tag.refresh_from_db()
    assert (tag.name, tag.key, tag.candidate_tags.count()) == ("Works remotely", "works remotely", 1)


def test_a_name_that_another_tag_has_is_refused_where_it_was_typed(client, member):
    tag, _other = make.make_tag(member.workspace, "remote"), make.make_tag(member.workspace, "office")
    answer = client.post(reverse("candidates:tag_rename", args=[tag.pk]), {"name": "Óffice"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Another tag has this name." in page
    assert 'value="Óffice"' in page


def test_two_spellings_of_a_tag_stay_one(client, member):
    make.make_tag(member.workspace, "remote")
    assert client.post(reverse("candidates:tags"), {"name": " Remote "}).status_code == 302
    assert Tag.objects.count() == 1


def test_people_are_counted_up_to_a_thousand(client, member, monkeypatch):
    monkeypatch.setattr("candidates.views.vocabulary.FEW", 2)
    tag, few = make.make_tag(member.workspace, "remote"), make.make_tag(member.workspace, "office")
    for _ in range(4):
        make.tag_candidate(make.make_candidate(member.workspace), tag)
    make.tag_candidate(make.make_candidate(member.workspace), few)
    rows = client.get(reverse("candidates:tags")).context["page"].rows
    assert [(row.name, row.people) for row in rows] == [("office", 1), ("remote", 3)]


def test_people_come_into_a_pool_by_search_and_leave_it(client, member):
    client.post(reverse("candidates:pools"), {"name": "Silver medallists", "description": "Asked again in spring"})
    pool = TalentPool.objects.get()
    person = make.make_candidate(member.workspace, "Zoë Quill")
    url = reverse("candidates:pool", args=[pool.pk])
    assert "Zoë Quill" in client.get(url, {"q": "zoe"}).content.decode()
    client.post(url, {"act": "add", "candidate": person.pk})
    assert [row.candidate for row in PoolMember.objects.all()] == [person]
    assert "Nobody outside this pool matches." in client.get(url, {"q": "zoe"}).content.decode()
    client.post(url, {"act": "remove", "candidate": person.pk})
    assert not PoolMember.objects.exists()


def test_nobody_of_another_workspace_comes_into_a_pool(client, member):
    pool = make.make_pool(member.workspace)
    stranger = make.make_candidate(make.make_workspace())
    url = reverse("candidates:pool", args=[pool.pk])
    answers = [client.post(url, {"act": "add", "candidate": given}).status_code for given in (stranger.pk, "x", "")]
    assert answers == [404, 404, 404]


def test_a_reason_is_tied_to_what_its_sources_call_it(client, member):
    ours, other = make.make_reason(member.workspace), make.make_reason(member.workspace, "Went elsewhere")
    source = make.make_source(member.workspace)
    first, second = upstream(source, "r1", "Too junior", ours), upstream(source, "r2", "Withdrew", other)
    url = reverse("candidates:reason", args=[ours.pk])
    assert "means <bdi>Went elsewhere</bdi> now" in client.get(url).content.decode()
    typed = {"name": "Not enough experience", "is_active": "on", "tie": [second.pk]}
    assert client.post(url, typed).url == reverse("candidates:reasons")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.reason, second.reason) == (None, ours)


def test_reasons_are_offered_in_the_order_that_was_chosen(client, member):
    for name in ("One", "Two", "Three"):
        client.post(reverse("candidates:reasons"), {"name": name})
    last = RejectionReason.objects.get(name="Three")
    client.post(reverse("candidates:reasons"), {"up": last.pk})
    client.post(reverse("candidates:reasons"), {"up": last.pk})
    client.post(reverse("candidates:reasons"), {"up": last.pk})
    assert [reason.name for reason in RejectionReason.objects.all()] == ["Three", "One", "Two"]


def test_a_reason_that_exists_is_refused_and_what_was_typed_stays(client, member):
    make.make_reason(member.workspace, "Went elsewhere")
    answer = client.post(reverse("candidates:reasons"), {"name": "Went elsewhere"})
    assert (answer.status_code, "Another reason has this name." in answer.content.decode()) == (422, True)


def test_reviewers_have_neither_the_pages_nor_their_tabs(member):
    client = signed_in(make.make_member(member.workspace, "reviewer"))
    pages = [reverse(f"candidates:{name}") for name in ("tags", "pools", "reasons")]
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
    settings = client.get(reverse("recruitment:settings")).content.decode()
    assert [page for page in pages if page in settings] == []


@pytest.mark.parametrize("name", ["tags", "pools", "reasons", "pool", "reason"])
def test_a_page_takes_the_same_queries_for_one_row_and_for_thirty(client, member, name):
    workspace = member.workspace
    source = make.make_source(workspace)
    pool, reason = make.make_pool(workspace, "Pool 0"), make.make_reason(workspace, "Reason 0")
    args = {"pool": [pool.pk], "reason": [reason.pk]}.get(name, [])
    url = reverse(f"candidates:{name}", args=args)

    def add(number):
        person = make.make_candidate(workspace)
        make.tag_candidate(person, make.make_tag(workspace, f"tag {number}"))
        make.pool_candidate(person, pool)
        make.pool_candidate(person, make.make_pool(workspace, f"Pool {number}"))
        upstream(source, f"r{number}", "Withdrew", make.make_reason(workspace, f"Reason {number}"))

    add(1)
    one = queries_of(client, url)
    for number in range(2, 31):
        add(number)
    assert (queries_of(client, url), one <= MOST) == (one, True)
