"""Addresses of the room."""

from django.urls import path

from inbeeld.contacts import views
from inbeeld.learners.urls import CHILD

urlpatterns = [
    path("uit-beeld/", views.out_of_sight, name="out_of_sight"),
    path(CHILD + "contact/nieuw/", views.contact_new, name="contact_new"),
    path(CHILD + "contact/<uuid:contact>/doorhalen/", views.contact_strike, name="contact_strike"),
]
