"""API routes of integrations."""

from django.urls import path

from integrations.api import connections, problems, runs

urlpatterns = [
    path("connections/", connections.ConnectionsView.as_view()),
    path("connections/<uuid:pk>/", connections.ConnectionView.as_view()),
    path("connections/<uuid:pk>/check/", connections.CheckView.as_view()),
    path("connections/<uuid:pk>/sync/", connections.SyncView.as_view()),
    path("connections/<uuid:pk>/postings/", connections.PostingsView.as_view()),
    path("connections/<uuid:pk>/accept-missing/", connections.AcceptMissingView.as_view()),
    path("connections/<uuid:pk>/stage-map/", runs.StageMapView.as_view()),
    path("connections/<uuid:pk>/budget/", runs.BudgetView.as_view()),
    path("sync-problems/", problems.AllProblemsView.as_view()),
    path("sync-problems/<uuid:pk>/settle/", problems.SettleProblemView.as_view()),
    path("sync-runs/", runs.SyncRunsView.as_view()),
    path("sync-runs/<uuid:pk>/", runs.SyncRunView.as_view()),
    path("sync-runs/<uuid:pk>/cancel/", connections.SyncRunCancelView.as_view()),
    path("sync-runs/<uuid:pk>/problems/", runs.ProblemsView.as_view()),
]
