"""API routes of the team."""

urlpatterns: list[object] = []
