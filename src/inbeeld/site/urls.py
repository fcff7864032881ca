"""Every address of the site. Addresses are Dutch: people read them."""

from django.urls import include, path
from django.views.i18n import set_language

from inbeeld.site import views, views_security

urlpatterns = [
    path("", views.start, name="start"),
    path("aanmelden/", views.log_in, name="log_in"),
    path("afmelden/", views.log_out, name="log_out"),
    path("taal/", set_language, name="set_language"),
    path("definities/", views.definitions, name="definitions"),
    path(".well-known/security.txt", views_security.security_txt, name="security_txt"),
    path("over/", views.about, name="about"),
    path("", include("inbeeld.access.urls")),
    path("", include("inbeeld.site.log_in")),
    path("", include("inbeeld.learners.urls")),
    path("", include("inbeeld.causes.urls")),
    path("", include("inbeeld.agreements.urls")),
    path("", include("inbeeld.contacts.urls")),
    path("", include("inbeeld.schools.urls")),
    path("", include("inbeeld.alerts.urls")),
    path("", include("inbeeld.duo.urls")),
    path("aanleveringen/", include("inbeeld.deliveries.urls")),
    path("lijsten/", include("inbeeld.reconciliation.urls")),
    path("", include("inbeeld.notices.urls")),
]
handler400 = "inbeeld.site.views.not_understood"
handler403 = "inbeeld.site.views.not_allowed"
handler404 = "inbeeld.site.views.not_found"
handler429 = "inbeeld.site.views.too_many"
handler500 = "inbeeld.site.views.broken"
