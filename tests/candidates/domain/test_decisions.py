"""Moving, rejecting, reopening and undoing: what changes here, and what each source is to hear."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.domain import decisions
from candidates.enums import DecisionKind, Outcome, PushKind, PushState, RecordState, StageCategory
from candidates.models import Activity, Application, Decision, OutboxEntry
from recruitment.errors import Conflict, DomainError
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make.make_member(full_name="Ana Koc")


@pytest.fixture
def application(member):
    """In "Applied" of a job that Kombo knows, with all its stages."""
    workspace = member.workspace
    source = make.make_source(workspace)
    job = make.make_job(workspace)
    found = make.make_application(make.make_candidate(workspace), job)
    make.make_record(source, found, "app-1")
    for stage in job.stages.all():
        make.make_record(source, stage, f"stage-{stage.name}")
    return found


@pytest.fixture
def reason(application):
    found = make.make_reason(application.workspace, "Missing skills")
    make.make_record(application.records.get().source, found, "reason-1")
    return found


def stage(application, name):
    return make.stage_of(application.job, name)


def test_a_move_changes_the_stage_and_tells_the_source_in_its_own_ids(application, member):
    before = timezone.now()
    decision = decisions.move(application, stage(application, "Interview"), member=member)

    application.refresh_from_db()
    entry = OutboxEntry.objects.get()
    assert (application.stage.name, application.outcome) == ("Interview", Outcome.ACTIVE)
    assert application.stage_entered_at >= before
    assert (entry.kind, entry.state, entry.decision) == (PushKind.MOVE, PushState.WAITING, decision)
    assert (entry.payload["stage_id"], entry.record.external_id) == ("stage-Interview", "app-1")
    assert entry.due_at <= timezone.now()


def test_a_move_is_on_record_with_name_time_and_both_stages(application, member):
    decisions.move(application, stage(application, "Offer"), member=member)

    row = Activity.objects.get()
    assert (row.verb, row.actor, row.actor_label, row.application) == ("moved", member, "Ana Koc", application)
    assert (row.data["from"], row.data["to"]) == ("Applied", "Offer")


def test_a_move_into_a_hired_stage_is_a_hire(application, member):
    decisions.move(application, stage(application, "Hired"), member=member)
    application.refresh_from_db()
    assert application.outcome == Outcome.HIRED


def test_a_move_to_a_stage_of_another_job_is_refused_and_changes_nothing(application, member):
    foreign = make.make_job(application.workspace, "Other").stages.first()
    with pytest.raises(DomainError) as refusal:
        decisions.move(application, foreign, member=member)
    assert (refusal.value.code, refusal.value.field) == ("stage_of_another_job", "stage")
    assert not OutboxEntry.objects.exists()


@pytest.mark.parametrize(
    "prepare, code",
    [
        (lambda app: app.job.stages.filter(name="Offer").update(is_active=False), "stage_inactive"),
        (lambda app: Application.objects.filter(pk=app.pk).update(outcome=Outcome.REJECTED), "not_active"),
        (lambda app: Application.objects.filter(pk=app.pk).update(stage=stage(app, "Offer")), "already_there"),
    ],
)
def test_a_move_that_makes_no_sense_says_why(application, member, prepare, code):
    prepare(application)
    with pytest.raises(DomainError) as refusal:
        decisions.move(application, stage(application, "Offer"), member=member)
    assert refusal.value.code == code
    assert not Decision.objects.exists()


def test_a_move_from_a_stage_that_is_no_longer_so_is_a_conflict(application, member):
    decisions.move(application, stage(application, "Offer"), member=member)
    with pytest.raises(Conflict) as refusal:
        decisions.move(
            application, stage(application, "Interview"), member=member, expected=stage(application, "Applied")
        )
    assert refusal.value.code == "moved_meanwhile"
    assert refusal.value.message == "Somebody moved this person to “Offer” meanwhile."


def test_a_later_move_supersedes_one_that_has_not_left(application, member):
    decisions.move(application, stage(application, "Interview"), member=member)
    decisions.move(application, stage(application, "Offer"), member=member)

    states = OutboxEntry.objects.order_by("id").values_list("payload__stage_id", "state")
    assert list(states) == [("stage-Interview", PushState.SUPERSEDED), ("stage-Offer", PushState.WAITING)]


def test_a_push_on_the_wire_is_never_superseded(application, member):
    decisions.move(application, stage(application, "Interview"), member=member)
    lease = {"lease_token": application.pk, "lease_until": timezone.now()}
    OutboxEntry.objects.update(state=PushState.SENDING, **lease)
    decisions.move(application, stage(application, "Offer"), member=member)
    assert list(OutboxEntry.objects.order_by("id").values_list("state", flat=True)) == ["sending", "waiting"]


def test_a_stage_that_nobody_tied_blocks_only_its_own_push(application, member):
    stage(application, "Interview").records.all().delete()
    decisions.move(application, stage(application, "Interview"), member=member)

    application.refresh_from_db()
    entry = OutboxEntry.objects.get()
    assert application.stage.name == "Interview"
    assert (entry.state, entry.due_at) == (PushState.NOT_OFFERED, None)
    assert entry.last_error_message == "The stage “Interview” isn't tied to a stage in Kombo."


def test_a_source_that_cannot_be_told_gets_an_entry_that_says_so(application, member):
    deaf = make.make_source(
        application.workspace, "LinkedIn", told={"move": "LinkedIn can't be told."}, provider="linkup"
    )
    make.make_record(deaf, application)
    decisions.move(application, stage(application, "Interview"), member=member)

    entry = OutboxEntry.objects.get(source=deaf)
    assert (entry.state, entry.last_error_message) == (PushState.NOT_OFFERED, "LinkedIn can't be told.")
    assert OutboxEntry.objects.filter(state=PushState.WAITING).count() == 1


def test_a_row_deleted_upstream_is_not_told(application, member):
    application.records.update(state=RecordState.DELETED)
    decisions.move(application, stage(application, "Interview"), member=member)
    assert not OutboxEntry.objects.exists()


def test_rejecting_keeps_the_stage_and_tells_the_tied_reason_with_the_note(application, member, reason):
    decisions.reject(application, reason, member=member, note="No SQL yet.")

    application.refresh_from_db()
    payload = OutboxEntry.objects.get().payload
    assert (application.outcome, application.stage.name) == (Outcome.REJECTED, "Applied")
    assert (application.rejection_reason, application.rejection_reason_text) == (reason, "Missing skills")
    assert (payload["reason_id"], payload["note"]) == ("reason-1", "No SQL yet.")


def test_rejecting_without_a_reason_is_refused(application, member):
    with pytest.raises(DomainError) as refusal:
        decisions.reject(application, None, member=member)
    assert (refusal.value.field, refusal.value.code) == ("reason", "required")


def test_rejecting_twice_is_a_conflict_and_one_push(application, member, reason):
    decisions.reject(application, reason, member=member)
    with pytest.raises(Conflict):
        decisions.reject(application, reason, member=member)
    assert OutboxEntry.objects.count() == 1


def test_reopening_leads_back_to_the_stage_and_says_that_kombo_keeps_the_rejection(application, member, reason):
    Application.objects.filter(pk=application.pk).update(stage=stage(application, "Offer"))
    decisions.reject(application, reason, member=member)
    OutboxEntry.objects.update(state=PushState.CONFIRMED, settled_at=timezone.now(), due_at=None)
    decisions.reopen(application, member=member)

    application.refresh_from_db()
    assert (application.outcome, application.stage.name, application.rejection_reason) == (
        Outcome.ACTIVE,
        "Offer",
        None,
    )
    assert OutboxEntry.objects.get(kind=PushKind.REOPEN).state == PushState.NOT_OFFERED


def test_a_decision_in_the_browser_waits_for_its_undo(application, member):
    decisions.move(application, stage(application, "Offer"), member=member, delay=6)
    entry = OutboxEntry.objects.get()
    assert timedelta(seconds=5) < entry.due_at - timezone.now() <= timedelta(seconds=6)
    assert not OutboxEntry.objects.due().exists()


def test_undo_restores_everything_and_nothing_leaves(application, member, reason):
    before = Application.objects.values("stage", "outcome", "stage_entered_at", "rejection_reason").get()
    decision = decisions.reject(application, reason, member=member, delay=6)
    decisions.undo(decision, member=member)

    assert Application.objects.values("stage", "outcome", "stage_entered_at", "rejection_reason").get() == before
    assert OutboxEntry.objects.get().state == PushState.CANCELLED
    assert list(Activity.objects.order_by("id").values_list("verb", flat=True)) == ["rejected", "undone"]


def test_undo_is_refused_once_the_source_has_been_told(application, member):
    decision = decisions.move(application, stage(application, "Offer"), member=member)
    OutboxEntry.objects.update(state=PushState.CONFIRMED, settled_at=timezone.now(), due_at=None)
    with pytest.raises(Conflict) as refusal:
        decisions.undo(decision, member=member)
    application.refresh_from_db()
    assert (refusal.value.code, application.stage.name) == ("already_told", "Offer")


def test_undo_is_refused_when_somebody_decided_anew(application, member):
    decision = decisions.move(application, stage(application, "Interview"), member=member, delay=6)
    decisions.move(application, stage(application, "Offer"), member=make.make_member(member.workspace), delay=6)
    with pytest.raises(Conflict) as refusal:
        decisions.undo(decision, member=member)
    assert refusal.value.code == "changed_meanwhile"


def test_only_who_decided_can_undo(application, member):
    decision = decisions.move(application, stage(application, "Interview"), member=member, delay=6)
    with pytest.raises(DomainError) as refusal:
        decisions.undo(decision, member=make.make_member(member.workspace))
    assert refusal.value.code == "not_yours"


def test_a_second_undo_is_a_conflict(application, member):
    decision = decisions.move(application, stage(application, "Interview"), member=member, delay=6)
    decisions.undo(decision, member=member)
    with pytest.raises(Conflict):
        decisions.undo(decision, member=member)


def test_an_older_push_of_the_same_application_goes_first(application, member, reason):
    decisions.move(application, stage(application, "Interview"), member=member)
    OutboxEntry.objects.update(state=PushState.UNKNOWN)
    decisions.reject(application, reason, member=member)
    assert not OutboxEntry.objects.filter(kind=PushKind.REJECT).due().exists()
    OutboxEntry.objects.filter(kind=PushKind.MOVE).update(state=PushState.CONFIRMED, settled_at=timezone.now())
    assert OutboxEntry.objects.filter(kind=PushKind.REJECT).due().exists()


def test_stage_categories_decide_the_outcome():
    from candidates.domain.stages import outcome_of

    job = make.make_job(make.make_workspace(), pipeline=[(category.label, category) for category in StageCategory])
    hired = [found.category for found in job.stages.all() if outcome_of(found) == Outcome.HIRED]
    assert hired == [StageCategory.HIRED]


def test_a_decision_keeps_what_undoing_needs(application, member):
    decision = decisions.move(application, stage(application, "Offer"), member=member)
    assert decision.kind == DecisionKind.MOVE
    assert decision.before["stage"] == str(stage(application, "Applied").pk)
    assert decision.after["stage"] == str(stage(application, "Offer").pk)
