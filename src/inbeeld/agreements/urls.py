"""Addresses of the room."""

from django.urls import path

from inbeeld.agreements import views
from inbeeld.learners.urls import CHILD

urlpatterns = [
    path("afspraken/", views.agreements, name="agreements"),
    path(CHILD + "afspraak/nieuw/", views.agreement_new, name="agreement_new"),
    path(CHILD + "afspraak/<uuid:agreement>/", views.agreement, name="agreement"),
    path(CHILD + "afspraak/<uuid:agreement>/doorhalen/", views.agreement_strike, name="agreement_strike"),
]
