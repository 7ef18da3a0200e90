"""What is learned of a source at the beginning of each import: what it can be told by now, and how it lists files."""

from __future__ import annotations

import structlog
from django.utils import timezone

from candidates.models import Source
from integrations import offers
from integrations.errors import Denied, ProviderError
from integrations.models import SyncRun
from integrations.provider import ListsFiles, Provider, TellsPermissions

log = structlog.get_logger(__name__)


def greet(run: SyncRun, provider: Provider) -> None:
    """Raises Denied. Any other failure leaves what is known: the import itself will say what is wrong."""
    source = run.connection.source
    learned: dict[str, object] = {"lists_files": isinstance(provider, ListsFiles)}
    if isinstance(provider, TellsPermissions) and not run.dry_run and run.pickups <= 1:
        try:
            learned["pushes"] = offers.offered(provider.slug, provider.permissions(), run.connection.options)
        except Denied:
            raise
        except ProviderError as error:
            log.info("permissions can't be read", connection=str(run.connection_id), code=error.code)
    changed = {name: value for name, value in learned.items() if value != getattr(source, name)}
    if changed:
        Source.objects.filter(pk=source.pk).update(**changed, updated_at=timezone.now())
        for name, value in changed.items():
            setattr(source, name, value)
