"""Trigram indexes on PostgreSQL: a part of a name, or of a word in a file, is found without reading the table."""

from django.db import migrations

INDEXES = {
    "candidate_search": "gin (search_text gin_trgm_ops)",
    # Only people with files have an entry.
    "candidate_file_words": "gin (file_words gin_trgm_ops) WHERE NOT (file_words = '')",
}


def make_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for name, what in INDEXES.items():
            schema_editor.execute(f"CREATE INDEX {name} ON candidates_candidate USING {what}")


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("candidates", "0001_initial")]
    operations = [migrations.RunPython(make_indexes, drop_indexes)]
