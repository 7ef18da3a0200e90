"""Trigram index on PostgreSQL, so that a part of a name among a million is found without reading the table."""

from django.db import migrations


def make_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(
            "CREATE INDEX candidate_search ON candidates_candidate USING gin (search_text gin_trgm_ops)"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS candidate_search")


class Migration(migrations.Migration):
    dependencies = [("candidates", "0002_initial")]
    operations = [migrations.RunPython(make_index, drop_index)]
