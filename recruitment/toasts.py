"""Short notices at the foot of the screen: in the answer to htmx, or on the next full page."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django_htmx.http import trigger_client_event


def send_toast(
    response: HttpResponse, text: str, *, detail: str = "", undo: str = "", seconds: float = 6, level: str = ""
) -> HttpResponse:
    """Show a toast when htmx receives this answer. ``undo`` is a URL to POST to while ``seconds`` last."""
    parts = {"text": text, "detail": detail, "undo": undo, "seconds": seconds, "level": level}
    return trigger_client_event(response, "toast", parts)


def flash_toast(
    request: HttpRequest, text: str, *, detail: str = "", undo: str = "", seconds: float = 6, level: str = ""
) -> None:
    """Show a toast on the next full page, for answers that redirect."""
    extras = json.dumps({"detail": detail, "undo": undo, "seconds": seconds})
    messages.add_message(request, messages.ERROR if level == "error" else messages.INFO, text, extra_tags=extras)
