import django.db.models.deletion
import django.utils.timezone
import recruitment.encryption
import recruitment.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('candidates', '0001_initial'),
        ('recruitment', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.UUIDField(default=recruitment.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('provider', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('base_url', models.CharField(max_length=300)),
                ('credentials', recruitment.encryption.EncryptedJSONField()),
                ('options', models.JSONField(blank=True, default=dict)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('pace', models.JSONField(blank=True, default=dict)),
                ('health', models.CharField(choices=[('healthy', 'Healthy'), ('partly_synced', 'Partly synced'), ('waiting', 'Waiting'), ('needs_attention', 'Needs attention'), ('reconnect', 'Reconnect')], default='waiting', max_length=16)),
                ('health_detail', models.CharField(blank=True, max_length=500)),
                ('waiting_until', models.DateTimeField(blank=True, null=True)),
                ('sync_every_minutes', models.PositiveIntegerField(default=180)),
                ('next_sync_at', models.DateTimeField(blank=True, null=True)),
                ('last_synced_at', models.DateTimeField(blank=True, null=True)),
                ('paused', models.BooleanField(default=False)),
                ('disconnected_at', models.DateTimeField(blank=True, null=True)),
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='connection', to='candidates.source')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recruitment.workspace')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('workspace', 'id'), name='integrations_connection_in_workspace'), models.CheckConstraint(condition=models.Q(('health__in', ['healthy', 'partly_synced', 'waiting', 'needs_attention', 'reconnect'])), name='connection_health_known')],
            },
        ),
        migrations.CreateModel(
            name='StreamMark',
            fields=[
                ('id', models.UUIDField(default=recruitment.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('stream', models.CharField(max_length=40)),
                ('read_until', models.DateTimeField()),
                ('full_at', models.DateTimeField(null=True)),
                ('walks', models.JSONField(default=list)),
                ('missing', models.PositiveIntegerField(null=True)),
                ('held_of', models.PositiveIntegerField(null=True)),
                ('accepted_before', models.DateTimeField(null=True)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='integrations.connection')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recruitment.workspace')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('workspace', 'id'), name='integrations_streammark_in_workspace'), models.UniqueConstraint(fields=('connection', 'stream'), name='stream_mark_once')],
            },
        ),
        migrations.CreateModel(
            name='SyncRun',
            fields=[
                ('id', models.UUIDField(default=recruitment.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('mode', models.CharField(choices=[('incremental', 'What changed'), ('full', 'Everything')], default='incremental', max_length=11)),
                ('trigger', models.CharField(choices=[('manual', 'By hand'), ('schedule', 'Scheduled'), ('webhook', 'Told by the provider'), ('first', 'First import')], default='manual', max_length=8)),
                ('dry_run', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('running', 'Running'), ('succeeded', 'Succeeded'), ('partial', 'Partial'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=9)),
                ('started_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('cancel_requested', models.BooleanField(default=False)),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('lease_until', models.DateTimeField(editable=False, null=True)),
                ('pickups', models.PositiveIntegerField(default=0)),
                ('resume_at', models.DateTimeField(null=True)),
                ('error_code', models.CharField(blank=True, max_length=100)),
                ('error_message', models.TextField(blank=True)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='integrations.connection')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recruitment.membership')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recruitment.workspace')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('workspace', 'id'), name='integrations_syncrun_in_workspace'), models.UniqueConstraint(condition=models.Q(('state__in', ('queued', 'running'))), fields=('connection',), name='sync_run_one_at_a_time'), models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'])), name='sync_run_state_known')],
            },
        ),
        migrations.CreateModel(
            name='SyncProblem',
            fields=[
                ('id', models.UUIDField(default=recruitment.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('stream', models.CharField(max_length=40)),
                ('external_id', models.CharField(blank=True, max_length=200)),
                ('reason', models.TextField()),
                ('payload', models.JSONField(null=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('resolved', 'Resolved'), ('discarded', 'Discarded')], default='open', max_length=9)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='integrations.connection')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recruitment.workspace')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='integrations.syncrun')),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('workspace', 'id'), name='integrations_syncproblem_in_workspace')],
            },
        ),
        migrations.CreateModel(
            name='SyncStream',
            fields=[
                ('id', models.UUIDField(default=recruitment.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(max_length=40)),
                ('position', models.PositiveSmallIntegerField()),
                ('since', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('cursor', models.TextField(null=True)),
                ('complete', models.BooleanField(default=False)),
                ('restarts', models.PositiveSmallIntegerField(default=0)),
                ('total', models.PositiveIntegerField(null=True)),
                ('walk', models.PositiveSmallIntegerField(default=1)),
                ('owed', models.PositiveIntegerField(null=True)),
                ('moved', models.BooleanField(default=False)),
                ('unrecorded', models.PositiveIntegerField(default=0)),
                ('short', models.BooleanField(default=False)),
                ('pages', models.PositiveIntegerField(default=0)),
                ('fetched', models.PositiveIntegerField(default=0)),
                ('created', models.PositiveIntegerField(default=0)),
                ('updated', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('set_aside', models.PositiveIntegerField(default=0)),
                ('skipped', models.PositiveIntegerField(default=0)),
                ('vanished', models.PositiveIntegerField(default=0)),
                ('asked', models.PositiveIntegerField(default=0)),
                ('cost', models.PositiveIntegerField(default=0)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='streams', to='integrations.syncrun')),
                ('workspace', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='recruitment.workspace')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('workspace', 'id'), name='integrations_syncstream_in_workspace'), models.UniqueConstraint(fields=('run', 'name'), name='sync_stream_once')],
            },
        ),
    ]
