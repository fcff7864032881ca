"""The front door: settings, base pages, look and languages."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "inbeeld.site"
    label = "front_door"
