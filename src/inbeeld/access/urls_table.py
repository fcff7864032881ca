"""The addresses of the access table."""

from django.urls import path

from inbeeld.access import views_table

urlpatterns = [
    path("toegang/", views_table.access_table, name="access_table"),
    path("toegang/<slug:role>/", views_table.access_role, name="access_role"),
]
