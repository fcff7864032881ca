"""Addresses of the room."""

from django.urls import path

from inbeeld.reconciliation import views, views_agreed, views_missing, views_pairs, views_sample

ONE = "<uuid:comparison>/"

urlpatterns = [
    path("", views.comparisons, name="comparisons"),
    path(ONE, views.comparison, name="comparison"),
    path(ONE + "ronde/", views.begin, name="round_begin"),
    path(ONE + "lijst/<uuid:handed>/", views.hand_in, name="list_hand_in"),
    path(ONE + "lijst/<uuid:handed>/<slug:deed>/", views.change_list, name="list_change"),
    path(ONE + "voorbeeld/<slug:party>.csv", views.example, name="list_example"),
    path(ONE + "mist/<slug:party>/", views_missing.missing, name="missing"),
    path(ONE + "mist/<slug:party>/bestand/", views_missing.missing_file, name="missing_file"),
    path(ONE + "koppelen/", views_pairs.to_review, name="pairs"),
    path(ONE + "koppelen/<slug:pair>/", views_pairs.pair, name="pair"),
    path(ONE + "steekproef/", views_sample.sample, name="sample"),
    path(ONE + "steekproef/<slug:item>/", views_sample.look, name="sample_look"),
    path(ONE + "gekoppeld/", views_pairs.linked, name="linked"),
    path(ONE + "zoeken/<slug:child>/<slug:party>/", views_pairs.search, name="search_on_list"),
    path(ONE + "afgesproken/", views_agreed.agreed, name="lists_agreed"),
    path(ONE + "afgesproken/<slug:deed>/", views_agreed.change, name="lists_agreed_change"),
    path(ONE + "afgesproken/<slug:what>/<uuid:one>/beeindigen/", views_agreed.end, name="lists_agreed_end"),
]
