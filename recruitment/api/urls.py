"""The public API, /api/v1/. Each app adds its own routes; nothing here knows them."""

from django.urls import include, path

urlpatterns = [
    path("", include("recruitment.api.routes")),
    path("", include("candidates.api.urls")),
    path("", include("integrations.api.urls")),
]
