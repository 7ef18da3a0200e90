"""Screens of connections and imports."""

from django.urls import path

from integrations.views import connection, connections, fields, hooks, jobs, pools, problems, runs, stages

app_name = "integrations"
urlpatterns = [
    path("connections/", connections.connections, name="connections"),
    path("connections/new/", connections.connection_new, name="connection_new"),
    path("connections/progress/", runs.progress, name="progress"),
    path("connections/runs/", runs.runs, name="runs"),
    path("connections/runs/<uuid:pk>/", runs.run, name="run"),
    path("connections/runs/<uuid:pk>/cancel/", runs.cancel, name="run_cancel"),
    path("connections/problems/", problems.problems, name="problems"),
    path("connections/problems/<uuid:pk>/", problems.problem, name="problem"),
    path("connections/<uuid:pk>/", connection.connection, name="connection"),
    path("connections/<uuid:pk>/sync/", connection.sync, name="sync"),
    path("connections/<uuid:pk>/check/", connection.check, name="check"),
    path("connections/<uuid:pk>/accept-missing/", connection.accept_missing, name="accept_missing"),
    path("connections/<uuid:pk>/pause/", connection.pause, name="pause"),
    path("connections/<uuid:pk>/change/", connection.change, name="change"),
    path("connections/<uuid:pk>/jobs/", jobs.jobs, name="jobs"),
    path("connections/<uuid:pk>/schedule/", connection.schedule, name="schedule"),
    path("connections/<uuid:pk>/pools/", pools.pools, name="pools"),
    path("connections/<uuid:pk>/fields/", fields.fields, name="fields"),
    path("connections/<uuid:pk>/stages/", stages.stages, name="stages"),
    path("connections/<uuid:pk>/stages/statuses/", stages.statuses, name="statuses"),
    path("connections/stages/<uuid:pk>/", stages.of_source, name="stages_of_source"),
    path("connections/<uuid:pk>/disconnect/", connection.disconnect, name="disconnect"),
    path("hooks/kombo/<uuid:pk>/", hooks.kombo, name="kombo_hook"),
]
