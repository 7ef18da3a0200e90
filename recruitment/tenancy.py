"""Rows that belong together are in one workspace, and the database holds it.

For each relation between two models that have a workspace, PostgreSQL gets a composite foreign key ``(workspace_id,
x_id) -> (workspace_id, id)``, which takes the place of the plain one, and SQLite two triggers that refuse the same.
Activity is append-only the same way. All of it is derived from the models after each migrate, so that a new model
can't be forgotten, and so that SQLite, which drops triggers when a migration rebuilds a table, has them again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction

Relation = tuple[str, str, str]  # table, column, referenced table


def relations() -> Iterator[Relation]:
    """Every (table, column, parent table) whose two ends both have a workspace."""
    for model in apps.get_models():
        if not _has_workspace(model):
            continue
        for field in model._meta.local_fields:
            parent = field.related_model if isinstance(field, models.ForeignKey) else None
            if isinstance(parent, type) and _has_workspace(parent):
                yield model._meta.db_table, str(field.column), parent._meta.db_table


def _has_workspace(model: Any) -> bool:
    return any(field.name == "workspace" and field.is_relation for field in model._meta.local_fields)


def install(using: str = "default", **_: Any) -> None:
    """Make what is missing. Safe to run again; skips tables that a partial migrate has not made."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    known = [relation for relation in relations() if relation[0] in tables and relation[2] in tables]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _install_postgresql(cursor, known, "candidates_activity" in tables)
        elif connection.vendor == "sqlite":
            _install_sqlite(cursor, known, "candidates_activity" in tables)


def uninstall(using: str = "default") -> None:
    """Take SQLite's triggers away for the time of a migrate: while it rebuilds a table, those of the others speak of
    one that isn't there, and it refuses. PostgreSQL's keys follow their tables."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(SQLITE_OURS)
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


def _name(table: str, column: str, kind: str) -> str:
    return f"ws_{kind}_{hashlib.sha256(f'{table}.{column}'.encode()).hexdigest()[:16]}"


def _install_postgresql(cursor: Any, known: list[Relation], with_activity: bool) -> None:
    cursor.execute("SELECT conname FROM pg_constraint WHERE conname LIKE 'ws\\_fk\\_%%'")
    there = {row[0] for row in cursor.fetchall()}
    for table, column, parent in known:
        name = _name(table, column, "fk")
        if name not in there:
            cursor.execute(
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (workspace_id, "{column}") '
                f'REFERENCES "{parent}" (workspace_id, id) DEFERRABLE INITIALLY DEFERRED'
            )
    cursor.execute(POSTGRESQL_REDUNDANT)
    for table, name in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    if with_activity:
        cursor.execute(POSTGRESQL_APPEND_ONLY)


def _install_sqlite(cursor: Any, known: list[Relation], with_activity: bool) -> None:
    for table, column, parent in known:
        for kind, event in (("in", "INSERT"), ("up", f'UPDATE OF workspace_id, "{column}"')):
            cursor.execute(
                SQLITE_BORDER.format(
                    name=_name(table, column, kind), event=event, table=table, column=column, parent=parent
                )
            )
    if with_activity:
        for statement in SQLITE_APPEND_ONLY:
            cursor.execute(statement)


SQLITE_OURS = r"""
SELECT name FROM sqlite_master WHERE type = 'trigger'
AND (name LIKE 'ws\_%' ESCAPE '\' OR name LIKE 'candidates\_activity\_%' ESCAPE '\')
"""
SQLITE_BORDER = """
CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {event} ON "{table}"
WHEN NEW."{column}" IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM "{parent}" WHERE id = NEW."{column}" AND workspace_id = NEW.workspace_id)
BEGIN
  SELECT RAISE(ABORT, 'FOREIGN KEY constraint failed: {table}.{column} is in another workspace');
END
"""
# A relation that the composite key holds needs no second check of the same row: half the cost of an insert.
POSTGRESQL_REDUNDANT = r"""
SELECT simple.conrelid::regclass::text, simple.conname
FROM pg_constraint simple
JOIN pg_constraint composite ON composite.conrelid = simple.conrelid AND composite.confrelid = simple.confrelid
  AND composite.contype = 'f' AND composite.conname LIKE 'ws\_fk\_%' AND composite.conkey[2] = simple.conkey[1]
WHERE simple.contype = 'f' AND cardinality(simple.conkey) = 1
"""
# Erasure empties ``data`` (design, rule 7); nothing else about an entry may ever change.
POSTGRESQL_APPEND_ONLY = """
CREATE OR REPLACE FUNCTION candidates_activity_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.data = '{}'::jsonb
    AND to_jsonb(NEW) - 'data' - 'updated_at' = to_jsonb(OLD) - 'data' - 'updated_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'activity is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER candidates_activity_append_only BEFORE UPDATE OR DELETE ON candidates_activity
FOR EACH ROW EXECUTE FUNCTION candidates_activity_append_only();
"""
SQLITE_APPEND_ONLY = (
    """CREATE TRIGGER IF NOT EXISTS candidates_activity_no_delete BEFORE DELETE ON candidates_activity
    BEGIN SELECT RAISE(ABORT, 'activity is append-only'); END""",
    """CREATE TRIGGER IF NOT EXISTS candidates_activity_no_update BEFORE UPDATE ON candidates_activity WHEN NEW.data <>
    '{}' OR NEW.id <> OLD.id OR NEW.workspace_id <> OLD.workspace_id OR NEW.at <> OLD.at OR NEW.verb <> OLD.verb OR
    NEW.actor_label <> OLD.actor_label OR NEW.actor_id IS NOT OLD.actor_id OR NEW.candidate_id IS NOT OLD.candidate_id
    OR NEW.application_id IS NOT OLD.application_id OR NEW.job_id IS NOT OLD.job_id BEGIN SELECT RAISE(ABORT, 'activity
    is append-only'); END
    """,
)
