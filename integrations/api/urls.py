"""API routes of integrations."""

urlpatterns: list[object] = []
