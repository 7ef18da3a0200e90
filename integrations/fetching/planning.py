"""Which people a source is asked for, where its rows don't say what files they have."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from candidates.domain.fetching import plan_looks
from candidates.enums import Outcome, RecordKind, RecordState
from candidates.models import Application, Source, SourceRecord


def plan_looks_of_page(source: Source, external_ids: list[str], now: datetime) -> int:
    """Those of a page who are new or have changed, and whom somebody may have to review: each question is a call to the
    system behind the provider (kombo.md 9.5), so others are asked for when somebody wants to see them."""
    rows = SourceRecord.objects.filter(
        source=source, kind=RecordKind.CANDIDATE, external_id__in=external_ids, state=RecordState.LISTED
    )
    active = Application.objects.filter(candidate=OuterRef("candidate"), outcome=Outcome.ACTIVE)
    changed = rows.filter(Exists(active), last_seen_at__gte=now, updated_at__gte=now)
    return plan_looks(list(changed.only("id", "workspace_id")))
