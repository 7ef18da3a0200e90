import json

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from candidates.domain.attachments import add_attachment
from candidates.domain.erasure import erased_among, identity_key, record_key
from candidates.models import Activity, Attachment, Candidate, OutboxEntry, PushAttempt
from integrations.models import SyncProblem
from tests import factories as make
from tests.api import fault, ids

SECRET = "Zanzibar"  # a word that is in everything about the person


@pytest.fixture
def person(cast, settings, tmp_path):
    """Somebody who left the word everywhere."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }
    make.make_tag(cast.team, "unrelated")
    candidate = make.make_candidate(
        cast.team,
        f"Ada {SECRET}",
        email=f"{SECRET.lower()}@example.org",
        headline=SECRET,
        experiences=[{"company": SECRET}],
        custom_fields={"x": SECRET},
    )
    application = make.make_application(candidate, cast.job, upstream_note=SECRET, screening_answers=[{"a": SECRET}])
    connection_ = make.make_connection(cast.team)
    record = make.make_record(connection_.source, candidate, f"id-{SECRET}", imported={"full_name": SECRET})
    make.make_record(connection_.source, application, f"app-{SECRET}", imported={"note": SECRET})
    make.make_note(candidate, cast.recruiter, SECRET)
    make.make_review(application, cast.recruiter, comment=SECRET)
    entry = make.make_push(record, cast.recruiter, "note", payload={"text": SECRET})
    PushAttempt.objects.create(
        workspace=cast.team,
        entry=entry,
        number=1,
        started_at=make.timezone.now(),
        path=f"/{SECRET}",
        request={"text": SECRET},
        response={"echo": SECRET},
    )
    make.make_conflict(connection_.source, candidate, theirs=SECRET)
    make.make_problem(make.make_run(connection_), f"id-{SECRET}", payload={"name": SECRET}, reason=SECRET)
    add_attachment(candidate, ContentFile(b"%PDF-1.7 %%EOF"), member=cast.recruiter, file_name=f"{SECRET}.pdf")
    cast.ana.client.patch(f"/api/v1/candidates/{candidate.pk}/", {"current_title": SECRET}, format="json")
    return candidate


def everywhere() -> list[str]:
    """Every table that holds the word."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("candidates_", "integrations_", "recruitment_")):
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (our own tables)
                if SECRET.lower() in str(cursor.fetchall()).lower():
                    found.append(table)
    return found


def test_erased_means_erased(cast, person, tmp_path):
    post = cast.ana.client.post(
        f"/api/v1/candidates/{person.pk}/notes/",
        json.dumps({"text": SECRET}),
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert post.status_code == 201
    assert len(everywhere()) > 8

    erased = cast.adam.post(f"candidates/{person.pk}/erase/", {"confirm": f"Ada {SECRET}"})

    assert erased.status_code == 204
    assert everywhere() == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert Attachment.objects.count() == 0
    assert cast.adam.get(f"candidates/{person.pk}/").status_code == 404
    assert ids(cast.adam.get(f"candidates/?search={SECRET}")) == []
    assert Candidate.objects.get(pk=person.pk).erased_at is not None
    assert OutboxEntry.objects.get().state == "cancelled"
    assert SyncProblem.objects.get().payload is None
    assert Activity.objects.order_by("-pk")[0].verb == "erased"


def test_what_is_kept_recognises_the_person_and_nobody_else(cast, person):
    source = person.records.first().source_id
    mine = [record_key(source, "candidate", f"id-{SECRET}"), identity_key("email", f"{SECRET.lower()}@example.org")]
    others = [record_key(source, "candidate", "id-2"), identity_key("email", "bob@example.org")]

    cast.adam.post(f"candidates/{person.pk}/erase/", {"confirm": f"Ada {SECRET}"})

    assert erased_among(cast.team.pk, [*mine, *others]) == set(mine)
    assert erased_among(cast.stranger.workspace_id, mine) == set()


def test_a_changed_secret_key_still_recognises_them(cast, person, settings):
    key = identity_key("email", f"{SECRET.lower()}@example.org")
    cast.adam.post(f"candidates/{person.pk}/erase/", {"confirm": f"Ada {SECRET}"})

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key" * 5

    assert erased_among(cast.team.pk, [key]) == {key}


def test_erasing_takes_an_admin_and_the_typed_name(cast, person):
    path = f"candidates/{person.pk}/erase/"

    assert cast.ana.post(path, {"confirm": f"Ada {SECRET}"}).status_code == 403
    assert cast.zoe.post(path, {"confirm": f"Ada {SECRET}"}).status_code == 404
    assert fault(cast.adam.post(path, {"confirm": "Ada"})) == (400, "name_differs", "confirm")
    assert fault(cast.adam.post(path, {})) == (400, "required", "confirm")
    assert Candidate.objects.get(pk=person.pk).full_name == f"Ada {SECRET}"


def test_whoever_was_merged_into_them_is_erased_as_well(cast, person):
    twin = make.make_candidate(cast.team, f"Ada {SECRET}", merged_into=person)

    cast.adam.post(f"candidates/{person.pk}/erase/", {"confirm": f"Ada {SECRET}"})

    assert Candidate.objects.get(pk=twin.pk).full_name == ""


def test_an_export_holds_everything_and_is_on_record(cast, person):
    answer = cast.ana.get(f"candidates/{person.pk}/export/")

    exported = answer.json()
    assert answer["Content-Disposition"].startswith("attachment;")
    assert exported["candidate"]["full_name"] == f"Ada {SECRET}"
    assert [note["text"] for note in exported["notes"]] == [SECRET]
    assert [review["comment"] for review in exported["reviews"]] == [SECRET]
    assert sorted(row["external_id"] for row in exported["sources"]) == [f"app-{SECRET}", f"id-{SECRET}"]
    assert [row["file_name"] for row in exported["attachments"]] == [f"{SECRET}.pdf"]
    assert Activity.objects.order_by("-pk")[0].verb == "exported"


def test_an_export_is_as_blind_as_its_reader(cast, person):
    assert cast.adam.get(f"candidates/{person.pk}/export/").json()["reviews"] == []
    assert cast.rob.get(f"candidates/{person.pk}/export/").status_code == 403
    assert cast.zoe.get(f"candidates/{person.pk}/export/").status_code == 404
