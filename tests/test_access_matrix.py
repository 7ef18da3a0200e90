"""Every address with every kind of visitor, against one table. An address that isn't in the table fails.

The six of each row: nobody signed in, an admin of another workspace, a reviewer of another job, a reviewer of the job,
a recruiter, an admin. First what GET answers, then POST with nothing in it. 302 is the way to the sign-in page where
nobody is signed in; what doesn't exist for a visitor is 404, what their role may not do is 403.
"""

import re
import uuid
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from candidates.domain import decisions
from candidates.models import Attachment, BulkAction, CandidateMerge, Duplicate, FieldConflict, OutboxEntry
from integrations.models import Connection, SyncProblem, SyncRun
from recruitment.models import ApiToken, Invitation, Role
from tests import factories as make

pytestmark = pytest.mark.django_db

VISITORS = ("nobody", "stranger", "outsider", "reviewer", "recruiter", "admin")


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield address
        elif address != "admin/":  # Django's own, guarded by is_staff and tested in test_admin
            yield from addresses(pattern, address)


@pytest.fixture
def world():
    """One thing of each kind, by the place in the address where its id stands."""
    workspace = make.make_workspace()
    job, other_job = make.make_job(workspace), make.make_job(workspace)
    roles = {"outsider": Role.REVIEWER, "reviewer": Role.REVIEWER, "recruiter": Role.RECRUITER, "admin": Role.ADMIN}
    members = {name: make.make_member(workspace, role) for name, role in roles.items()}
    make.join_job(job, members["reviewer"])
    make.join_job(other_job, members["outsider"])
    candidate = make.make_candidate(workspace)
    application = make.make_application(candidate, job)
    source, tag, pool = make.make_source(workspace), make.make_tag(workspace), make.make_pool(workspace)
    reason = make.make_reason(workspace)
    make.tag_candidate(candidate, tag)
    make.pool_candidate(candidate, pool)
    make.make_record(source, application)
    decision = decisions.move(application, make.stage_of(job, "Offer"), member=members["recruiter"])
    here = {"workspace": workspace}
    connection = Connection.objects.create(
        **here, source=source, provider="kombo", name="Kombo", base_url="https://api.kombo.dev/v1", credentials={}
    )
    run = SyncRun.objects.create(**here, connection=connection, state="succeeded")
    twin = make.make_candidate(workspace)
    problem = SyncProblem.objects.create(**here, run=run, connection=connection, stream="jobs", reason="x")
    attachment = Attachment.objects.create(**here, candidate=candidate, file_name="cv.pdf", state="failed")
    ids = {
        "jobs": job,
        "review": job,
        "candidates": candidate,
        "applications": application,
        "decisions": decision,
        "pushes": OutboxEntry.objects.get(),
        "conflicts": FieldConflict.objects.create(**here, source=source, candidate=candidate, field="headline"),
        "connections": connection,
        "kombo": connection,
        "stages": source,
        "runs": run,
        "sync-runs": run,
        "sync-problems": problem,
        "problems": problem,
        "attachments": attachment,
        "bulk": BulkAction.objects.create(**here, member=members["recruiter"], action="tag", total=0, state="done"),
        "tags": tag,
        "talent-pools": pool,
        "pools": pool,
        "rejection-reasons": reason,
        "reasons": reason,
        "members": members["outsider"],
        "tokens": ApiToken.objects.create(**here, member=members["admin"], name="x", token_hash="x"),
        "invitations": Invitation.objects.create(
            **here, email="x@example.org", role="reviewer", token_hash="x", invited_by=members["admin"]
        ),
        "merge": twin,
        "sources": make.make_record(source, candidate),
        "duplicates": Duplicate.objects.create(**here, first=candidate, second=twin, score=90),
        "merges": CandidateMerge.objects.create(**here, survivor=candidate, other=twin, member=members["admin"]),
        "application": application,
        "tag": tag,
        "candidate": candidate,
    }
    users = {"stranger": make.make_member(role=Role.ADMIN).user, **{name: one.user for name, one in members.items()}}
    return {name: str(thing.pk) for name, thing in ids.items()}, users


def filled(address: str, ids: dict[str, str]) -> str:
    """The address with the ids of this world: by the word before the place, or by the place's own name."""
    if address.startswith("review/<uuid:job_pk>/<uuid:pk>"):
        address = address.replace("<uuid:pk>", ids["application"])
    address = address.replace("<uuid:tag_pk>", ids["tag"]).replace("<uuid:candidate_pk>", ids["candidate"])
    parts = address.split("/")
    for place, part in enumerate(parts):
        if part.startswith("<uuid:"):
            parts[place] = ids[parts[place - 1]]
    return "/" + "/".join(parts).replace("<str:secret>", "x").replace("<uidb64>/<token>", "x/x")


def signed_in(users: dict[str, object]) -> list[Client]:
    """A browser for each visitor, in the order of the table."""
    browsers = []
    for visitor in VISITORS:
        browsers.append(Client())
        if visitor in users:
            browsers[-1].force_login(users[visitor])
    return browsers


def answers(address: str, method: str, browsers: list[Client]) -> str:
    return " ".join(str(status_of(browser, method, address)) for browser in browsers)


def status_of(browser: Client, method: str, address: str) -> int:
    """What is answered; what it did is undone, so that all visitors meet the same world."""
    with transaction.atomic():
        status = getattr(browser, method)(address).status_code
        transaction.set_rollback(True)
    return status


def test_every_address_answers_everybody_as_the_table_says(world, settings):
    ids, users = world
    settings.DEBUG = False
    wrong, known, browsers = {}, set(addresses(get_resolver())), signed_in(users)
    for address in sorted(known):
        visitors = signed_in(users) if address == "logout/" else browsers
        got = (answers(filled(address, ids), "get", visitors), answers(filled(address, ids), "post", visitors))
        if got != TABLE.get(address):
            wrong[address] = got
    assert not wrong, "\n".join(f"    {address!r}: {got!r}," for address, got in wrong.items())
    assert set(TABLE) == known


def test_the_other_ways_to_write_answer_everybody_as_their_table_says(world, settings):
    ids, users = world
    settings.DEBUG = False
    wrong, browsers = {}, signed_in(users)
    for address in sorted(addresses(get_resolver())):
        usual = "401 405 405 405 405 405" if address.startswith("api/v1/") else "405 405 405 405 405 405"
        for method in ("put", "patch", "delete"):
            got = answers(filled(address, ids), method, browsers)
            if got != WRITES.get((method, address), usual):
                wrong[method, address] = got
    assert not wrong, "\n".join(f"    {key!r}: {got!r}," for key, got in wrong.items())
    assert {address for _method, address in WRITES} <= set(TABLE)


def test_what_is_in_another_workspace_looks_like_what_does_not_exist(world):
    ids, users = world
    client = Client()
    client.force_login(users["stranger"])
    nowhere = {name: str(uuid.uuid4()) for name in ids}
    for address in sorted(addresses(get_resolver())):
        for method in ("get", "post") if "<uuid:" in address else ():
            theirs, nothing = (asked(client, method, filled(address, place)) for place in (ids, nowhere))
            assert theirs == nothing, (method, address)


def asked(browser: Client, method: str, address: str) -> tuple[int, str]:
    """Status and page, without the address that was asked for and the forms' tokens, which every answer has anew."""
    answer = getattr(browser, method)(address)
    page = answer.content.decode().replace(address, "ADDRESS")
    return answer.status_code, re.sub(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": ?)"\w+"', "TOKEN", page)


def test_a_token_may_what_its_member_may(world):
    ids, users = world
    for place, visitor in enumerate(VISITORS[1:], start=1):
        bearer = f"Bearer {make.make_token(users[visitor].memberships.get())}"
        browser = Client(headers={"authorization": bearer})
        for address in sorted(TABLE):
            if TABLE[address][0].startswith("401"):
                got = tuple(str(status_of(browser, method, filled(address, ids))) for method in ("get", "post"))
                assert got == tuple(row.split()[place] for row in TABLE[address]), (visitor, address)


def test_the_tables_themselves_let_nobody_over_a_border():
    rows = [(address, row) for address, both in TABLE.items() for row in both]
    rows += [(address, row) for (_method, address), row in WRITES.items()]
    for address, row in rows:
        nobody, stranger, outsider = row.split()[:3]
        if address.startswith("hooks/"):  # signed by the provider: whoever else calls has no signature
            assert set(row.split()) in ({"401"}, {"405"}), address
            continue
        if "<uuid:" in address:
            assert nobody in ("302", "401", "405"), address
            assert stranger in ("404", "405"), address
        if re.match(r"(api/v1/)?(jobs|review|candidates|applications|attachments)/<uuid:", address):
            assert outsider in ("404", "405"), address


WRITES: dict[tuple[str, str], str] = {
    ("put", "api/v1/"): "404 404 404 404 404 404",
    ("patch", "api/v1/"): "404 404 404 404 404 404",
    ("delete", "api/v1/"): "404 404 404 404 404 404",
    ("put", "api/v1/applications/<uuid:pk>/review/"): "401 404 404 400 400 400",
    ("delete", "api/v1/applications/<uuid:pk>/review/"): "401 404 404 409 409 409",
    ("put", "api/v1/applications/<uuid:pk>/shortlist/"): "401 404 404 403 200 200",
    ("delete", "api/v1/applications/<uuid:pk>/shortlist/"): "401 404 404 403 409 409",
    ("delete", "api/v1/applications/bulk/<uuid:pk>/"): "401 404 404 404 409 409",
    ("patch", "api/v1/candidates/<uuid:pk>/"): "401 404 404 403 200 200",
    ("delete", "api/v1/candidates/<uuid:pk>/tags/<uuid:tag_pk>/"): "401 404 404 403 200 200",
    ("patch", "api/v1/connections/<uuid:pk>/"): "401 404 404 404 403 200",
    ("delete", "api/v1/connections/<uuid:pk>/"): "401 404 404 404 403 204",
    ("put", "api/v1/connections/<uuid:pk>/stage-map/"): "401 404 404 404 403 200",
    ("put", "api/v1/docs/"): "302 405 405 405 405 405",
    ("patch", "api/v1/docs/"): "302 405 405 405 405 405",
    ("delete", "api/v1/docs/"): "302 405 405 405 405 405",
    ("patch", "api/v1/jobs/<uuid:pk>/"): "401 404 404 403 200 200",
    ("patch", "api/v1/rejection-reasons/<uuid:pk>/"): "401 404 403 403 200 200",
    ("put", "api/v1/schema/"): "405 405 405 405 405 405",
    ("patch", "api/v1/schema/"): "405 405 405 405 405 405",
    ("delete", "api/v1/schema/"): "405 405 405 405 405 405",
    ("delete", "api/v1/tags/<uuid:pk>/"): "401 404 403 403 409 409",
    ("patch", "api/v1/tags/<uuid:pk>/"): "401 404 403 403 400 400",
    ("patch", "api/v1/talent-pools/<uuid:pk>/"): "401 404 403 403 200 200",
    ("delete", "api/v1/talent-pools/<uuid:pk>/members/"): "401 404 403 403 400 400",
    ("delete", "api/v1/talent-pools/<uuid:pk>/members/<uuid:candidate_pk>/"): "401 404 403 403 204 204",
    ("put", "login/"): "405 302 302 302 302 302",
    ("patch", "login/"): "405 302 302 302 302 302",
    ("delete", "login/"): "405 302 302 302 302 302",
    ("put", "password/reset/<uidb64>/<token>/"): "200 200 200 200 200 200",
    ("patch", "password/reset/<uidb64>/<token>/"): "200 200 200 200 200 200",
    ("delete", "password/reset/<uidb64>/<token>/"): "200 200 200 200 200 200",
}

TABLE: dict[str, tuple[str, str]] = {
    "": ("302 200 200 200 200 200", "405 405 405 405 405 405"),
    "activity/": ("302 200 200 200 200 200", "405 405 405 405 405 405"),
    "api/v1/": ("404 404 404 404 404 404", "404 404 404 404 404 404"),
    "api/v1/activity/": ("401 200 403 403 200 200", "401 405 405 405 405 405"),
    "api/v1/applications/": ("401 200 200 200 200 200", "401 415 403 403 415 415"),
    "api/v1/applications/<uuid:pk>/": ("401 404 404 200 200 200", "401 405 405 405 405 405"),
    "api/v1/applications/<uuid:pk>/move/": ("401 405 405 405 405 405", "401 404 404 403 415 415"),
    "api/v1/applications/<uuid:pk>/reject/": ("401 405 405 405 405 405", "401 404 404 403 415 415"),
    "api/v1/applications/<uuid:pk>/reopen/": ("401 405 405 405 405 405", "401 404 404 403 409 409"),
    "api/v1/applications/<uuid:pk>/reveal/": ("401 405 405 405 405 405", "401 404 404 403 403 204"),
    "api/v1/applications/<uuid:pk>/review/": ("401 404 404 404 404 404", "401 405 405 405 405 405"),
    "api/v1/applications/<uuid:pk>/reviews/": ("401 404 404 200 200 200", "401 405 405 405 405 405"),
    "api/v1/applications/<uuid:pk>/shortlist/": ("401 405 405 405 405 405", "401 405 405 405 405 405"),
    "api/v1/applications/bulk/": ("401 405 405 405 405 405", "401 415 403 403 415 415"),
    "api/v1/applications/bulk/<uuid:pk>/": ("401 404 404 404 200 200", "401 405 405 405 405 405"),
    "api/v1/attachments/<uuid:pk>/": ("401 404 404 404 404 404", "401 405 405 405 405 405"),
    "api/v1/attachments/<uuid:pk>/fetch/": ("401 405 405 405 405 405", "401 404 404 403 409 409"),
    "api/v1/candidates/": ("401 200 200 200 200 200", "401 415 403 403 415 415"),
    "api/v1/candidates/<uuid:pk>/": ("401 404 404 200 200 200", "401 405 405 405 405 405"),
    "api/v1/candidates/<uuid:pk>/activity/": ("401 404 404 200 200 200", "401 405 405 405 405 405"),
    "api/v1/candidates/<uuid:pk>/attachments/": ("401 404 404 200 200 200", "401 404 404 403 400 400"),
    "api/v1/candidates/<uuid:pk>/attachments/fetch/": ("401 405 405 405 405 405", "401 404 404 403 202 202"),
    "api/v1/candidates/<uuid:pk>/erase/": ("401 405 405 405 405 405", "401 404 404 403 403 415"),
    "api/v1/candidates/<uuid:pk>/export/": ("401 404 404 403 200 200", "401 405 405 405 405 405"),
    "api/v1/candidates/<uuid:pk>/merge/": ("401 404 404 403 400 400", "401 404 404 403 415 415"),
    "api/v1/candidates/<uuid:pk>/notes/": ("401 404 404 200 200 200", "401 404 404 415 415 415"),
    "api/v1/candidates/<uuid:pk>/split/": ("401 405 405 405 405 405", "401 404 404 403 415 415"),
    "api/v1/candidates/<uuid:pk>/tags/": ("401 404 404 200 200 200", "401 404 404 403 415 415"),
    "api/v1/candidates/<uuid:pk>/tags/<uuid:tag_pk>/": ("401 405 405 405 405 405", "401 405 405 405 405 405"),
    "api/v1/conflicts/": ("401 200 403 403 200 200", "401 405 405 405 405 405"),
    "api/v1/conflicts/<uuid:pk>/resolve/": ("401 405 405 405 405 405", "401 404 404 404 415 415"),
    "api/v1/connections/": ("401 200 403 403 200 200", "401 415 403 403 403 415"),
    "api/v1/connections/<uuid:pk>/": ("401 404 404 404 200 200", "401 405 405 405 405 405"),
    "api/v1/connections/<uuid:pk>/accept-missing/": ("401 405 405 405 405 405", "401 404 404 404 403 409"),
    "api/v1/connections/<uuid:pk>/budget/": ("401 404 404 404 200 200", "401 405 405 405 405 405"),
    "api/v1/connections/<uuid:pk>/check/": ("401 405 405 405 405 405", "401 404 404 404 200 200"),
    "api/v1/connections/<uuid:pk>/postings/": ("401 405 405 405 405 405", "401 404 404 404 403 409"),
    "api/v1/connections/<uuid:pk>/stage-map/": ("401 404 404 404 200 200", "401 405 405 405 405 405"),
    "api/v1/connections/<uuid:pk>/sync/": ("401 405 405 405 405 405", "401 404 404 404 415 415"),
    "api/v1/docs/": ("302 200 200 200 200 200", "302 405 405 405 405 405"),
    "api/v1/duplicates/": ("401 200 403 403 200 200", "401 405 405 405 405 405"),
    "api/v1/duplicates/<uuid:pk>/dismiss/": ("401 405 405 405 405 405", "401 404 404 404 200 200"),
    "api/v1/jobs/": ("401 200 200 200 200 200", "401 415 403 403 415 415"),
    "api/v1/jobs/<uuid:pk>/": ("401 404 404 200 200 200", "401 405 405 405 405 405"),
    "api/v1/me/": ("401 200 200 200 200 200", "401 405 405 405 405 405"),
    "api/v1/members/": ("401 200 200 200 200 200", "401 405 405 405 405 405"),
    "api/v1/merges/<uuid:pk>/": ("401 404 404 404 200 200", "401 405 405 405 405 405"),
    "api/v1/merges/<uuid:pk>/undo/": ("401 405 405 405 405 405", "401 404 404 404 409 409"),
    "api/v1/pushes/": ("401 200 403 403 200 200", "401 405 405 405 405 405"),
    "api/v1/pushes/<uuid:pk>/": ("401 404 404 404 200 200", "401 405 405 405 405 405"),
    "api/v1/pushes/<uuid:pk>/cancel/": ("401 405 405 405 405 405", "401 404 404 404 409 409"),
    "api/v1/pushes/<uuid:pk>/resolve/": ("401 405 405 405 405 405", "401 404 404 404 415 415"),
    "api/v1/pushes/<uuid:pk>/retry/": ("401 405 405 405 405 405", "401 404 404 404 400 400"),
    "api/v1/pushes/<uuid:pk>/settle/": ("401 405 405 405 405 405", "401 404 404 404 415 415"),
    "api/v1/rejection-reasons/": ("401 200 200 200 200 200", "401 415 403 403 415 415"),
    "api/v1/rejection-reasons/<uuid:pk>/": ("401 404 200 200 200 200", "401 405 405 405 405 405"),
    "api/v1/schema/": ("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "api/v1/sync-problems/": ("401 200 403 403 200 200", "401 405 405 405 405 405"),
    "api/v1/sync-problems/<uuid:pk>/settle/": ("401 405 405 405 405 405", "401 404 404 404 415 415"),
    "api/v1/sync-runs/": ("401 200 403 403 200 200", "401 405 405 405 405 405"),
    "api/v1/sync-runs/<uuid:pk>/": ("401 404 404 404 200 200", "401 405 405 405 405 405"),
    "api/v1/sync-runs/<uuid:pk>/cancel/": ("401 405 405 405 405 405", "401 404 404 404 409 409"),
    "api/v1/sync-runs/<uuid:pk>/problems/": ("401 404 404 404 200 200", "401 405 405 405 405 405"),
    "api/v1/tags/": ("401 200 200 200 200 200", "401 415 403 403 415 415"),
    "api/v1/tags/<uuid:pk>/merge/": ("401 405 405 405 405 405", "401 404 403 403 415 415"),
    "api/v1/tags/<uuid:pk>/": ("401 404 200 200 200 200", "401 405 405 405 405 405"),
    "api/v1/talent-pools/": ("401 200 200 200 200 200", "401 415 403 403 415 415"),
    "api/v1/talent-pools/<uuid:pk>/": ("401 404 200 200 200 200", "401 405 405 405 405 405"),
    "api/v1/talent-pools/<uuid:pk>/members/": ("401 404 200 200 200 200", "401 404 403 403 415 415"),
    "api/v1/talent-pools/<uuid:pk>/members/<uuid:candidate_pk>/": (
        "401 405 405 405 405 405",
        "401 405 405 405 405 405",
    ),
    "applications/<uuid:pk>/decide/": ("302 404 404 404 200 200", "405 405 405 405 405 405"),
    "applications/<uuid:pk>/move/": ("302 404 404 403 200 200", "302 404 404 403 422 422"),
    "applications/<uuid:pk>/reject/": ("302 404 404 403 200 200", "302 404 404 403 422 422"),
    "applications/<uuid:pk>/reopen/": ("405 405 405 405 405 405", "302 404 404 403 302 302"),
    "applications/<uuid:pk>/shortlist/": ("405 405 405 405 405 405", "302 404 404 403 302 302"),
    "attachments/<uuid:pk>/fetch/": ("405 405 405 405 405 405", "302 404 404 403 302 302"),
    "attachments/<uuid:pk>/": ("302 404 404 404 404 404", "405 405 405 405 405 405"),
    "candidates/": ("302 200 200 200 200 200", "405 405 405 405 405 405"),
    "candidates/<uuid:pk>/": ("302 404 404 200 200 200", "405 405 405 405 405 405"),
    "candidates/<uuid:pk>/attachments/": ("405 405 405 405 405 405", "302 404 404 403 302 302"),
    "candidates/<uuid:pk>/attachments/fetch/": ("405 405 405 405 405 405", "302 404 404 403 302 302"),
    "candidates/<uuid:pk>/edit/": ("302 404 404 403 200 200", "302 404 404 403 302 302"),
    "candidates/<uuid:pk>/merge/<uuid:other_pk>/": ("302 404 404 404 200 200", "302 404 404 404 302 302"),
    "candidates/<uuid:pk>/notes/": ("302 404 404 200 200 200", "302 404 404 422 422 422"),
    "candidates/<uuid:pk>/sources/<uuid:record_pk>/split/": ("302 404 404 403 200 200", "302 404 404 403 302 302"),
    "candidates/<uuid:pk>/tags/": ("302 404 404 403 200 200", "302 404 404 403 422 422"),
    "candidates/<uuid:pk>/tags/<uuid:tag_pk>/remove/": ("405 405 405 405 405 405", "302 404 404 403 302 302"),
    "candidates/bulk/": ("405 405 405 405 405 405", "302 200 403 403 200 200"),
    "candidates/bulk/<uuid:pk>/": ("302 404 403 403 200 200", "405 405 405 405 405 405"),
    "candidates/bulk/<uuid:pk>/cancel/": ("405 405 405 405 405 405", "302 404 403 403 302 302"),
    "candidates/new/": ("302 200 403 403 200 200", "302 200 403 403 200 200"),
    "connections/": ("302 200 403 403 200 200", "405 405 405 405 405 405"),
    "connections/<uuid:pk>/": ("302 404 403 403 200 200", "405 405 405 405 405 405"),
    "connections/<uuid:pk>/accept-missing/": ("405 405 405 405 405 405", "302 404 404 404 403 302"),
    "connections/<uuid:pk>/change/": ("302 404 404 404 403 200", "302 404 404 404 403 200"),
    "connections/<uuid:pk>/check/": ("405 405 405 405 405 405", "302 404 404 404 403 302"),
    "connections/<uuid:pk>/disconnect/": ("302 404 404 404 403 200", "302 404 404 404 403 200"),
    "connections/<uuid:pk>/pools/": ("302 404 404 404 403 404", "302 404 404 404 403 404"),  # this one has no pools
    "connections/<uuid:pk>/fields/": ("302 404 404 404 403 200", "302 404 404 404 403 200"),
    "connections/<uuid:pk>/jobs/": ("302 404 404 404 403 404", "302 404 404 404 403 404"),
    "connections/<uuid:pk>/pause/": ("405 405 405 405 405 405", "302 404 404 404 403 302"),
    "connections/<uuid:pk>/schedule/": ("302 404 404 404 403 200", "302 404 404 404 403 200"),
    "connections/<uuid:pk>/stages/": ("302 404 404 404 200 200", "302 404 404 404 403 404"),
    "connections/<uuid:pk>/stages/statuses/": ("405 405 405 405 405 405", "302 404 404 404 403 302"),
    "connections/stages/<uuid:pk>/": ("302 404 403 403 302 302", "405 405 405 405 405 405"),
    "connections/<uuid:pk>/sync/": ("405 405 405 405 405 405", "302 404 404 404 302 302"),
    "connections/new/": ("302 200 403 403 403 200", "302 200 403 403 403 200"),
    "connections/problems/": ("302 200 403 403 200 200", "405 405 405 405 405 405"),
    "connections/problems/<uuid:pk>/": ("405 405 405 405 405 405", "302 404 404 404 404 404"),
    "connections/progress/": ("302 200 200 200 200 200", "405 405 405 405 405 405"),
    "connections/runs/": ("302 200 403 403 200 200", "405 405 405 405 405 405"),
    "connections/runs/<uuid:pk>/": ("302 404 403 403 200 200", "405 405 405 405 405 405"),
    "connections/runs/<uuid:pk>/cancel/": ("405 405 405 405 405 405", "302 404 403 403 302 302"),
    "decisions/<uuid:pk>/undo/": ("405 405 405 405 405 405", "302 404 404 404 302 404"),
    "healthz": ("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "duplicates/": ("302 200 403 403 200 200", "405 405 405 405 405 405"),
    "duplicates/<uuid:pk>/dismiss/": ("405 405 405 405 405 405", "302 404 404 404 302 302"),
    "hooks/kombo/<uuid:pk>/": ("405 405 405 405 405 405", "401 401 401 401 401 401"),
    "jobs/": ("302 200 200 200 200 200", "405 405 405 405 405 405"),
    "jobs/<uuid:pk>/": ("302 404 404 200 200 200", "405 405 405 405 405 405"),
    "jobs/<uuid:pk>/more/": ("302 404 404 404 404 404", "405 405 405 405 405 405"),
    "jobs/<uuid:pk>/settings/": ("302 404 404 403 200 200", "302 404 404 403 200 200"),
    "jobs/new/": ("302 200 403 403 200 200", "302 200 403 403 200 200"),
    "join/<str:secret>/": ("404 404 404 404 404 404", "404 404 404 404 404 404"),
    "login/": ("200 302 302 302 302 302", "200 302 302 302 302 302"),
    "logout/": ("405 405 405 405 405 405", "302 302 302 302 302 302"),
    "metrics": ("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "no-workspace/": ("200 302 302 302 302 302", "405 405 405 405 405 405"),
    "password/": ("302 200 200 200 200 200", "302 200 200 200 200 200"),
    "password/reset/": ("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "password/reset/<uidb64>/<token>/": ("200 200 200 200 200 200", "200 200 200 200 200 200"),
    "password/reset/done/": ("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "merges/<uuid:pk>/undo/": ("405 405 405 405 405 405", "302 404 404 404 302 302"),
    "pushes/": ("302 200 403 403 200 200", "405 405 405 405 405 405"),
    "pushes/<uuid:pk>/": ("302 404 403 403 200 200", "405 405 405 405 405 405"),
    "pushes/<uuid:pk>/cancel/": ("405 405 405 405 405 405", "302 404 403 403 302 302"),
    "pushes/<uuid:pk>/resolve/": ("405 405 405 405 405 405", "302 404 403 403 302 302"),
    "pushes/<uuid:pk>/retry/": ("405 405 405 405 405 405", "302 404 403 403 302 302"),
    "pushes/<uuid:pk>/settle/": ("405 405 405 405 405 405", "302 404 403 403 302 302"),
    "pushes/conflicts/": ("302 200 403 403 200 200", "405 405 405 405 405 405"),
    "pushes/conflicts/<uuid:pk>/resolve/": ("405 405 405 405 405 405", "302 404 403 403 302 302"),
    "readyz": ("200 200 200 200 200 200", "405 405 405 405 405 405"),
    "review/": ("302 200 200 200 200 200", "405 405 405 405 405 405"),
    "review/<uuid:job_pk>/": ("302 404 404 302 200 200", "405 405 405 405 405 405"),
    "review/<uuid:job_pk>/<uuid:pk>/": ("302 404 404 200 200 200", "405 405 405 405 405 405"),
    "review/<uuid:job_pk>/<uuid:pk>/look/": ("405 405 405 405 405 405", "302 404 404 302 302 302"),
    "review/<uuid:job_pk>/<uuid:pk>/save/": ("405 405 405 405 405 405", "302 404 404 422 422 422"),
    "review/<uuid:job_pk>/<uuid:pk>/skip/": ("405 405 405 405 405 405", "302 404 404 302 302 302"),
    "review/<uuid:job_pk>/<uuid:pk>/undo/": ("405 405 405 405 405 405", "302 404 404 302 302 302"),
    "settings/": ("302 200 200 200 200 200", "302 200 200 200 200 200"),
    "settings/invitations/<uuid:pk>/again/": ("405 405 405 405 405 405", "302 404 403 403 403 302"),
    "settings/invitations/<uuid:pk>/withdraw/": ("405 405 405 405 405 405", "302 404 403 403 403 302"),
    "settings/members/": ("302 200 200 200 200 200", "302 200 403 403 403 200"),
    "settings/members/<uuid:pk>/": ("405 405 405 405 405 405", "302 404 403 403 403 302"),
    "settings/pools/": ("302 200 403 403 200 200", "302 200 403 403 200 200"),
    "settings/pools/<uuid:pk>/": ("302 404 403 403 200 200", "302 404 403 403 422 422"),
    "settings/reasons/": ("302 200 403 403 200 200", "302 200 403 403 200 200"),
    "settings/reasons/<uuid:pk>/": ("302 404 403 403 200 200", "302 404 403 403 422 422"),
    "settings/tags/": ("302 200 403 403 200 200", "302 200 403 403 200 200"),
    "settings/tags/<uuid:pk>/delete/": ("405 405 405 405 405 405", "302 404 403 403 302 302"),
    "settings/tags/<uuid:pk>/merge/": ("302 404 403 403 200 200", "302 404 403 403 422 422"),
    "settings/tags/<uuid:pk>/": ("405 405 405 405 405 405", "302 404 403 403 422 422"),
    "settings/tokens/": ("302 200 200 200 200 200", "302 200 200 200 200 200"),
    "settings/tokens/<uuid:pk>/revoke/": ("405 405 405 405 405 405", "302 404 404 404 404 302"),
    "settings/workspace/": ("302 200 200 200 200 200", "302 200 403 403 403 200"),
    "theme/": ("405 405 405 405 405 405", "302 302 302 302 302 302"),
    "workspace/switch/": ("405 405 405 405 405 405", "302 404 404 404 404 404"),
}
