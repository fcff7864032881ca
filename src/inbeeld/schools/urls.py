"""Addresses of the room."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from inbeeld.schools import views


class KeyOfOrganisation(StringConverter):
    """The key of an organisation in an address: what a line of the journal can name (journal/deed.py)."""

    regex = "[A-Za-z0-9][A-Za-z0-9_.-]*"


register_converter(KeyOfOrganisation, "organisation")
SCHOOL = "school/<organisation:key>/"

urlpatterns = [
    path("school/", views.schools, name="schools"),
    path(SCHOOL, views.school, name="school"),
    path(SCHOOL + "lijst/<slug:which>/", views.school_list, name="school_list"),
    path(SCHOOL + "bezoek/", views.visit, name="visit"),
    path(SCHOOL + "bezoek/afdruk/", views.visit_print, name="visit_print"),
]
