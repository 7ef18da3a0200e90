"""API routes of candidates."""

urlpatterns: list[object] = []
