"""The workspace's border, held by the database itself."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import pre_migrate

from candidates.domain import activity
from candidates.models import Activity, Candidate, Note
from recruitment import tenancy
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_relation_inside_a_workspace_is_held():
    held = set(tenancy.relations())
    assert ("candidates_note", "candidate_id", "candidates_candidate") in held
    assert ("candidates_review", "member_id", "recruitment_membership") in held
    assert ("integrations_syncrun", "connection_id", "integrations_connection") in held
    assert len(held) > 60


def test_a_note_on_another_workspaces_candidate_is_refused():
    mine, theirs = make.make_member(), make.make_candidate(make.make_workspace())
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(workspace=mine.workspace, candidate=theirs, author=mine, text="x")


def test_moving_a_row_to_another_workspace_is_refused():
    member = make.make_member()
    note = make.make_note(make.make_candidate(member.workspace), member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(pk=note.pk).update(workspace=make.make_workspace())


def test_bulk_writes_are_held_too():
    member = make.make_member()
    foreign = make.make_candidate(make.make_workspace())
    rows = [Note(workspace=member.workspace, candidate=foreign, text="x") for _ in range(3)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.bulk_create(rows)


def test_installing_again_changes_nothing():
    def count():
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")
            else:
                cursor.execute("SELECT count(*) FROM pg_constraint WHERE conname LIKE %s", ["ws_fk_%"])
            return cursor.fetchone()[0]

    before = count()
    tenancy.install()
    assert count() == before > 0


def test_a_row_that_does_not_exist_is_refused():
    member = make.make_member()
    nobody = make.make_candidate(member.workspace)
    nobody_id = nobody.pk
    nobody.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(workspace=member.workspace, candidate_id=nobody_id, author=member, text="x")


@pytest.fixture
def entry():
    member = make.make_member()
    return activity.record("noted", actor=member, candidate=make.make_candidate(member.workspace), note="1")


def test_activity_cannot_be_changed(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=entry.pk).update(verb="praised")
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=entry.pk).update(data={"note": "2"})


def test_activity_cannot_be_deleted(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        Activity.objects.filter(pk=entry.pk).delete()


def test_erasure_may_empty_what_an_entry_tells_but_not_that_it_was(entry):
    Activity.objects.filter(pk=entry.pk).update(data={})
    assert Activity.objects.get().data == {}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's keys follow their tables")
def test_a_migration_may_rebuild_a_table_that_others_speak_of():
    """As ``migrate`` does it: the border is taken down before, and stands again after it."""
    member = make.make_member()
    make.make_note(make.make_candidate(member.workspace), member)
    before = triggers()
    pre_migrate.send(apps.get_app_config("recruitment"), using="default", plan=["a migration"], verbosity=0)
    with connection.schema_editor() as editor:
        editor._remake_table(Candidate)
    tenancy.install()
    assert triggers() == before


def triggers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return [name for (name,) in cursor.fetchall()]
