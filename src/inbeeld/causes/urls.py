"""Addresses of the room."""

from django.urls import path

from inbeeld.causes import views
from inbeeld.learners.urls import CHILD

urlpatterns = [
    path(CHILD + "oorzaak/nieuw/", views.cause_new, name="cause_new"),
    path(CHILD + "oorzaak/<uuid:cause>/beeindigen/", views.cause_end, name="cause_end"),
]
