"""Addresses of the room."""

from django.urls import include, path

from inbeeld.access import views_privacy, views_rights

urlpatterns = [
    path("rechten/", views_rights.rights, name="rights"),
    path("rechten/<int:membership>/<slug:deed>/", views_rights.change_rights, name="rights_change"),
    path("privacy/", views_privacy.privacy, name="privacy"),
    path("privacy/<uuid:emergency>/niet-terecht/", views_privacy.not_justified, name="privacy_not_justified"),
    path("privacy/<uuid:emergency>/<slug:deed>/", views_privacy.review, name="privacy_review"),
    path("", include("inbeeld.access.urls_table")),
]
