"""What a connection can tell its source: what the provider offers, as far as the connection's options allow it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from candidates.models import Source
from integrations.models import Connection
from integrations.registry import provider_class

# These have no shortlists: the tag of the option ``shortlist_tag`` stands for one, if an admin names it.
TAGS_SHORTLISTS = ("recruspace",)
MEANS = {"reject": "rejected", "shortlist": "shortlisted"}


def offered(provider: str, pushes: Mapping[str, str], options: Mapping[str, Any]) -> dict[str, str]:
    """``pushes`` as the provider or its check says, less what lacks its status."""
    found, known = dict(pushes), provider_class(provider)
    for kind, option in known.by_status.items():
        untied = _untied(known.label, kind)
        if not options.get(option):
            found[kind] = found.get(kind) or untied
        elif found.get(kind) == untied:
            found[kind] = known.pushes[kind]
    if provider in TAGS_SHORTLISTS:
        tag = options.get("shortlist_tag")
        found["shortlist"] = "" if isinstance(tag, str) and tag.strip() else known.pushes["shortlist"]
    return found


def terms(provider: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """In which terms (``Source.terms``)."""
    known = provider_class(provider)
    statuses = {kind: str(options[option]) for kind, option in known.by_status.items() if options.get(option)}
    return {"statuses": statuses, "fields": sorted(known.takes_fields)}


def refresh(connection: Connection) -> None:
    """After the options have changed."""
    source = Source.objects.select_for_update().get(pk=connection.source_id)
    source.pushes = offered(connection.provider, source.pushes, connection.options)
    source.terms = terms(connection.provider, connection.options)
    Source.objects.filter(pk=source.pk).update(pushes=source.pushes, terms=source.terms, updated_at=timezone.now())


def _untied(label: str, kind: str) -> str:
    return f"The stage map doesn't say which status of {label} means {MEANS.get(kind, kind)}."
