"""Addresses of the room."""

from django.urls import path

from inbeeld.deliveries import views, views_codes, views_system

ONE = "<uuid:delivery>/"

urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path(ONE, views.delivery, name="delivery"),
    path(ONE + "geweigerd.csv", views.refused_rows, name="delivery_refused"),
    path(ONE + "<slug:deed>/", views.change, name="delivery_change"),
    path("voorbeeld.csv", views_codes.example, name="delivery_example"),
    path("voorbeeld.xml", views_codes.example_roster, name="delivery_example_roster"),
    path("codes/", views_codes.codes, name="delivery_codes"),
    path("sleutels/", views_system.keys, name="system_keys"),
    path("sleutels/<uuid:key>/beeindigen/", views_system.end, name="system_key_end"),
    path("systeem/", views_system.door, name="system_door"),
    path("systeem/<uuid:delivery>/", views_system.handed_in, name="system_delivery"),
]
