"""Where each value came from, going out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rest_framework import serializers

from candidates.models import Application, Candidate, SourceRecord
from candidates.origins import origins_of


class OriginSerializer(serializers.Serializer):
    """Without a source, somebody typed the value here."""

    source = serializers.UUIDField(allow_null=True)
    source_name = serializers.CharField(allow_null=True)
    edited_by = serializers.CharField(allow_null=True)
    since = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True, help_text="When the source was last seen to say it.")
    hidden = serializers.BooleanField(help_text="The provider keeps it to itself.")
    words = serializers.CharField(help_text="“Kombo”, “edited by Lena Brandt”, “hidden by Talynce”.")


def shown_origins(thing: Candidate | Application, records: Iterable[SourceRecord]) -> dict[str, Any]:
    """{field: as ``OriginSerializer`` says}; by hand, because a list has thousands of them."""
    return {
        name: {
            "source": origin.source_id or None,
            "source_name": origin.source or None,
            "edited_by": origin.by or None,
            "since": _iso(origin.at),
            "confirmed_at": _iso(origin.confirmed_at),
            "hidden": origin.hidden,
            "words": origin.words,
        }
        for name, origin in origins_of(thing, records).items()
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
