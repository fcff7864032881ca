"""Addresses of the room."""

from django.urls import path

from inbeeld.alerts import views
from inbeeld.learners.urls import CHILD

urlpatterns = [
    path("mijn-werk/", views.work, name="work"),
    path(CHILD + "signaal/<uuid:alert>/", views.alert, name="alert"),
    path(CHILD + "signaal/<uuid:alert>/terug/", views.alert_back, name="alert_back"),
]
