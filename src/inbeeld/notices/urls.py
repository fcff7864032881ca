"""Address of the room."""

from django.urls import path

from inbeeld.notices import views

urlpatterns = [path("berichten/", views.notices, name="notices")]
