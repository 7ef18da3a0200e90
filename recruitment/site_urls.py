"""Screens of the team itself: signing in, settings."""

from django.conf import settings as conf
from django.contrib.auth import views as auth
from django.urls import URLPattern, URLResolver, include, path

from recruitment.views import gallery, session, settings

team = [
    path("login/", session.SignIn.as_view(), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", settings.password, name="password"),
    path("password/reset/", session.Reset.as_view(), name="password_reset"),
    path(
        "password/reset/done/",
        auth.PasswordResetDoneView.as_view(template_name="recruitment/password_reset_done.html"),
        name="password_reset_done",
    ),
    path("password/reset/<uidb64>/<token>/", session.ResetConfirm.as_view(), name="password_reset_confirm"),
    path("join/<str:secret>/", session.join, name="join"),
    path("no-workspace/", session.no_workspace, name="no_workspace"),
    path("workspace/switch/", session.switch_workspace, name="switch_workspace"),
    path("theme/", session.theme, name="theme"),
    path("settings/", settings.profile, name="settings"),
    path("settings/members/", settings.members, name="members"),
    path("settings/members/<uuid:pk>/", settings.member, name="member"),
    path("settings/invitations/<uuid:pk>/withdraw/", settings.withdraw_invitation, name="withdraw_invitation"),
    path("settings/invitations/<uuid:pk>/again/", settings.invite_again, name="invite_again"),
    path("settings/tokens/", settings.tokens, name="tokens"),
    path("settings/tokens/<uuid:pk>/revoke/", settings.revoke, name="revoke_token"),
    path("settings/workspace/", settings.workspace, name="workspace"),
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include((team, "recruitment")))]
if conf.DEBUG:
    urlpatterns.append(path("_gallery", gallery.gallery))
