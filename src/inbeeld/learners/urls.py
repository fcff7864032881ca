"""Addresses of the room."""

from django.urls import path

from inbeeld.learners import views

urlpatterns = [
    path("in-beeld/", views.in_beeld, name="in_beeld"),
    path("kind/<uuid:reference>/", views.child, name="child"),
]
