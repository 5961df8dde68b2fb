"""All addresses: Chinese without a prefix, English under ``/en/``."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from .views import health

urlpatterns = [
    path("healthz", health.health, name="health"),
    *i18n_patterns(
        path("", include("portal.pages")),
        path("", include("applications.urls")),
        path("", include("review.urls")),
        prefix_default_language=False,
    ),
]
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.broken"
