"""Addresses of the room."""

from django.urls import path

from inbeeld.learners import (
    views,
    views_access,
    views_draft,
    views_file,
    views_mine,
    views_withdraw,
)

CHILD = "kind/<uuid:reference>/"

urlpatterns = [
    path("in-beeld/", views.in_beeld, name="in_beeld"),
    path(CHILD, views.child, name="child"),
    path(CHILD + "dossier/<slug:slug>/", views_file.write, name="file_write"),
    path(CHILD + "stuk/<uuid:entry>/", views_file.change, name="file_change"),
    path(CHILD + "concept/<slug:slug>/", views_draft.of_entry, name="draft_of_entry"),
    path(CHILD + "concept/stuk/<uuid:entry>/", views_draft.of_change, name="draft_of_change"),
    path(CHILD + "toegang/", views_access.access, name="access"),
    path(CHILD + "toegang/vragen/", views_access.grant, name="access_grant"),
    path(
        CHILD + "toegang/<uuid:involvement>/intrekken/",
        views_withdraw.withdraw_access,
        name="access_withdraw",
    ),
    path(
        CHILD + "toegang/<uuid:involvement>/<slug:deed>/",
        views_access.change_involvement,
        name="access_change",
    ),
    path(CHILD + "toestemming/", views_access.ask_consent, name="consent_ask"),
    path(
        CHILD + "toestemming/<uuid:consent>/intrekken/",
        views_withdraw.withdraw_consent,
        name="consent_withdraw",
    ),
    path(
        CHILD + "toestemming/<uuid:consent>/<slug:deed>/", views_access.change_consent, name="consent_change"
    ),
    path(CHILD + "inzage/", views_access.log, name="log"),
    path("mijn-toegang/", views_mine.mine, name="mine"),
    path("mijn-toegang/<uuid:involvement>/stoppen/", views_mine.stop, name="mine_stop"),
    path("mijn-toegang/<uuid:involvement>/<slug:deed>/", views_mine.answer, name="mine_answer"),
    path("nood/", views_mine.emergency, name="emergency"),
]
