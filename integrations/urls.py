"""Screens of connections and imports."""

from django.urls import path

from integrations.views import connections, runs

app_name = "integrations"
urlpatterns = [
    path("connections/", connections.connections, name="connections"),
    path("connections/new/", connections.connection_new, name="connection_new"),
    path("connections/progress/", runs.progress, name="progress"),
    path("connections/runs/", runs.runs, name="runs"),
    path("connections/runs/<uuid:pk>/", runs.run, name="run"),
    path("connections/runs/<uuid:pk>/cancel/", runs.cancel, name="run_cancel"),
    path("connections/problems/<uuid:pk>/", runs.problem, name="problem"),
    path("connections/<uuid:pk>/", connections.connection, name="connection"),
    path("connections/<uuid:pk>/sync/", connections.sync, name="sync"),
    path("connections/<uuid:pk>/check/", connections.check, name="check"),
    path("connections/<uuid:pk>/change/", connections.change, name="change"),
    path("connections/<uuid:pk>/schedule/", connections.schedule, name="schedule"),
    path("connections/<uuid:pk>/disconnect/", connections.disconnect, name="disconnect"),
]
