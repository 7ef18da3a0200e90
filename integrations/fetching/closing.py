"""What becomes of files that wait when their connection is taken away."""

from __future__ import annotations

from candidates.domain import errands
from candidates.enums import AttachmentState
from candidates.models import Attachment, FileLook
from integrations.models import Connection


def close_waiting(connection: Connection) -> None:
    """They can't be fetched any more, and say so."""
    words = f"{connection.name} was disconnected before this was fetched."[:300]
    waiting = Attachment.objects.filter(record__source=connection.source_id, state=AttachmentState.WAITING)
    waiting.update(**errands.done(state=AttachmentState.FAILED, failure=words))
    FileLook.objects.filter(record__source=connection.source_id).update(**errands.done())
