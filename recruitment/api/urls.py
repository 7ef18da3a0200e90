"""The public API, /api/v1/. Each app adds its own routes; nothing here knows them."""

from django.urls import include, path, re_path

from recruitment.api.views import UnknownRouteView

urlpatterns = [
    path("", include("recruitment.api.routes")),
    path("", include("candidates.api.urls")),
    path("", include("integrations.api.urls")),
    re_path("", UnknownRouteView.as_view()),
]
