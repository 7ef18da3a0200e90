"""API routes of integrations."""

from django.urls import path

from integrations.api import runs

urlpatterns = [
    path("connections/<uuid:pk>/stage-map/", runs.StageMapView.as_view()),
    path("connections/<uuid:pk>/budget/", runs.BudgetView.as_view()),
    path("sync-runs/", runs.SyncRunsView.as_view()),
    path("sync-runs/<uuid:pk>/", runs.SyncRunView.as_view()),
    path("sync-runs/<uuid:pk>/problems/", runs.ProblemsView.as_view()),
]
