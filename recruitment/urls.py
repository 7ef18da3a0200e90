"""Every app is included once."""

from django.contrib import admin
from django.urls import include, path

from recruitment.views import health

urlpatterns = [
    path("", include("recruitment.site_urls")),
    path("", include("candidates.home_urls")),
    path("", include("candidates.urls")),
    path("", include("integrations.urls")),
    path("api/v1/", include("recruitment.api.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]
