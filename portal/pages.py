"""The portal's own pages, in every language."""

from django.urls import path

from .views import accounts, administration, messages, public

urlpatterns = [
    path("", public.front, name="front"),
    path("help/", public.help_page, name="help"),
    path("login/", accounts.sign_in, name="login"),
    path("logout/", accounts.sign_out, name="logout"),
    path("posts/", accounts.posts, name="posts"),
    path("password/", accounts.password, name="password"),
    path("stay/", accounts.stay, name="stay"),
    path("notifications/", messages.notifications, name="notifications"),
    path("notifications/<int:pk>/", messages.notice, name="notice"),
    path("audit/", administration.audit_trail, name="audit"),
    path("outbox/", administration.outbox, name="outbox"),
    path("access/", administration.access_table, name="access_table"),
]
