"""Words of files are found as names are, and files that were stored before are read as well."""

from django.db import migrations
from django.utils import timezone

READABLE = [
    "application/pdf",
    "application/rtf",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
]


def make_index(apps, schema_editor):
    """As for names (0003): a part of a word among many. Only people with files have an entry."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX candidate_file_words ON candidates_candidate USING gin (file_words gin_trgm_ops) "
            "WHERE NOT (file_words = '')"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS candidate_file_words")


def read_what_is_there(apps, schema_editor):
    """Files that were stored before are read as well."""
    stored = apps.get_model("candidates", "Attachment").objects.filter(state="stored", content_type__in=READABLE)
    stored.update(text_state="waiting", due_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("candidates", "0005_file_texts")]
    operations = [
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(read_what_is_there, migrations.RunPython.noop),
    ]
