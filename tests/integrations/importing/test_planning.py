"""What an import reads: what has changed, and everything once a week; and what it learns before it begins."""

from datetime import timedelta

import pytest
from django.utils import timezone

from candidates.models import Source
from integrations.importing.planning import plan
from integrations.models import StreamMark
from integrations.providers.kombo.provider import Kombo
from tests import factories as make
from tests.integrations.importing.conftest import stream

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days, everything", [(6, False), (8, True)])
def test_everything_is_read_once_a_week_and_else_what_has_changed(days, everything):
    connection, now = make.make_connection(make.make_workspace()), timezone.now()
    for name in Kombo.streams:
        StreamMark.objects.create(
            workspace_id=connection.workspace_id,
            connection=connection,
            stream=name,
            read_until=now - timedelta(hours=3),
            full_at=now - timedelta(days=days),
        )

    planned = plan(make.make_run(connection, state="queued"), Kombo)

    assert [row.name for row in planned] == list(Kombo.streams)
    assert {row.since for row in planned} == {None if everything else now - timedelta(hours=3)}


def test_what_may_be_written_is_learned_anew_with_each_import(connection, upstream, sync):
    sync(connection)
    assert Source.objects.get(pk=connection.source_id).pushes["move"] == ""
    upstream.kombo.switch("ats_set_application_stage", "DISABLED")

    done = sync(connection)

    source = Source.objects.get(pk=connection.source_id)
    assert source.pushes["move"] == "This is switched off in Kombo's settings of the integration."
    assert (source.pushes["tag"], source.lists_files) == ("", True)
    assert (done.state, stream(done).since is not None) == ("succeeded", True)
