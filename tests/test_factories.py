"""The factories make rows that the database takes, of one workspace."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db


def test_everything_hangs_together():
    team = make.make_workspace("Demo team")
    member = make.make_member(team, full_name="Ana Koc")
    job = make.make_job(team)
    source = make.make_source(team)
    make.mirror_job(source, job)
    ada = make.make_candidate(team, "Ada Lovelace", email="ada@example.org")
    application = make.make_application(ada, job, stage="Interview")
    record = make.make_record(source, application)

    make.make_review(application, member)
    make.tag_candidate(ada, make.make_tag(team))
    make.pool_candidate(ada, make.make_pool(team))
    make.shortlist(application, member)
    make.make_push(record, member, "move", state="confirmed")
    make.make_conflict(source, ada)
    make.make_attachment(ada)
    make.make_problem(make.make_run(make.make_connection(team, source=source)))

    assert (team.slug, application.stage.name, str(member)) == ("demo-team", "Interview", "Ana Koc")
    assert list(ada.identities.values_list("kind", "value")) == [("email", "ada@example.org")]
