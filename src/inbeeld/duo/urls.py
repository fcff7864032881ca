"""Addresses of the room."""

from django.urls import path

from inbeeld.duo import views
from inbeeld.learners.urls import CHILD

REPORT = CHILD + "melding/<uuid:report>/"

urlpatterns = [
    path(CHILD + "melding/nieuw/", views.report_new, name="report_new"),
    path(REPORT, views.report, name="report"),
    path(REPORT + "wijzigen/", views.report_change, name="report_change"),
    path(REPORT + "antwoord/", views.report_answer, name="report_answer"),
]
