"""Where providers send their webhooks. Signed, not signed in: no session and no token counts here."""

from __future__ import annotations

import time
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.hooks.receiving import receive, too_many

LARGEST = 1024 * 1024  # bytes
WORDS = {
    200: "Taken.",
    400: "This can't be read.",
    401: "The signature doesn't hold.",
    413: "This is too large.",
    429: "Too many. Try again in a minute.",
    503: "Try again later.",
}


@csrf_exempt
@require_POST
def kombo(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Answers at once; the import that follows is somebody else's work."""
    if too_many(pk, time.time()):
        return _answer(429)
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdigit() or int(announced) > LARGEST:
        return _answer(413)
    try:
        body = request.body
    except (UnreadablePostError, RawPostDataException):
        return _answer(400)
    return _answer(receive(pk, body, request.headers.get("X-Kombo-Signature", "")))


def _answer(status: int) -> JsonResponse:
    response = JsonResponse({"detail": WORDS[status]}, status=status)
    if status in (429, 503):
        response["Retry-After"] = "60"
    return response
