"""``Idempotency-Key`` on POST: the same request twice has one effect and one answer.

The answer of the first is kept for a day and given again; another body under the same key is refused (422); while the
first is still at work, a second gets 409. Only answers below 500 are kept: after a fault, trying again is right.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from recruitment.api.permissions import member_of
from recruitment.errors import DomainError
from recruitment.models import IdempotentRequest

KEPT = timedelta(days=1)
STUCK = timedelta(minutes=2)  # a request that never finished: its process died


class KeyReused(DomainError):
    status = 422


class StillWorking(DomainError):
    status = 409


class IdempotentMixin:
    """For API views: put before APIView."""

    kept: IdempotentRequest | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST" or not key:
            return
        if len(key) > 255:
            raise KeyReused("An Idempotency-Key has at most 255 characters.", field="Idempotency-Key")
        self.kept = _begin(request, key)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.kept = None
        try:
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except BaseException:
            if self.kept is not None:
                self.kept.delete()
            raise
        if self.kept is not None:
            _finish(self.kept, response)
        return response

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, _Replay):
            self.kept = None
            return Response(exc.body, status=exc.status, headers={"Idempotent-Replayed": "true"})
        return super().handle_exception(exc)  # type: ignore[misc]


class _Replay(Exception):
    def __init__(self, status: int, body: Any) -> None:
        self.status, self.body = status, body


def _begin(request: Request, key: str) -> IdempotentRequest:
    member = member_of(request)
    fingerprint = _fingerprint(request)
    IdempotentRequest.objects.filter(member=member, key=key, created_at__lt=timezone.now() - KEPT).delete()
    try:
        with transaction.atomic():
            return IdempotentRequest.objects.create(
                workspace_id=member.workspace_id, member=member, key=key, fingerprint=fingerprint
            )
    except IntegrityError:
        found = IdempotentRequest.objects.get(member=member, key=key)
    if found.fingerprint != fingerprint:
        raise KeyReused("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
    if found.status is None:
        if found.created_at > timezone.now() - STUCK:
            raise StillWorking("The first request with this key is still at work.", code="in_progress")
        return _take_over(found)
    raise _Replay(found.status, found.body)


def _take_over(stuck: IdempotentRequest) -> IdempotentRequest:
    """The first request's process died. Of several that come again, one goes on."""
    unchanged = IdempotentRequest.objects.filter(pk=stuck.pk, status=None, created_at=stuck.created_at)
    if not unchanged.update(created_at=timezone.now()):
        raise StillWorking("The first request with this key is still at work.", code="in_progress")
    return stuck


def _fingerprint(request: Request) -> str:
    files = {name: hashlib.sha256(file.read()).hexdigest() for name, file in request.FILES.items()}
    for file in request.FILES.values():
        file.seek(0)
    data: Any = request.data
    fields = {name: value for name, value in data.items() if name not in files} if files else data
    body = json.dumps([fields, files], sort_keys=True, default=str)
    return hashlib.sha256(f"{request.method} {request.get_full_path()} {body}".encode()).hexdigest()


def _finish(kept: IdempotentRequest, response: Any) -> None:
    if response.status_code >= 500:
        kept.delete()
        return
    body = json.loads(JSONRenderer().render(getattr(response, "data", None)) or b"null")
    IdempotentRequest.objects.filter(pk=kept.pk).update(status=response.status_code, body=body)
