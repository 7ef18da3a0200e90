"""For machines: alive, ready, measured."""

from __future__ import annotations

from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from recruitment.celery import app


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else."""
    return JsonResponse({"status": "alive"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and broker are there, else 503 naming which isn't."""
    checks = {"database": _database, "migrations": _migrations, "broker": _broker, "cache": _cache}
    results = {name: check() for name, check in checks.items()}
    fine = all(results.values())
    body = {
        "status": "ready" if fine else "not ready",
        "checks": {name: "ok" if ok else "failed" for name, ok in results.items()},
    }
    return JsonResponse(body, status=200 if fine else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _migrations() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return False


def _broker() -> bool:
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except Exception:  # each transport has its own errors, and any of them means "not ready"
        return False
    return True


def _cache() -> bool:
    try:
        cache.set("readyz", 1, 5)
        return cache.get("readyz") == 1
    except Exception:  # as above: the cache's errors depend on its backend
        return False


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text. Counts only; the deployment decides who may reach it."""
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
