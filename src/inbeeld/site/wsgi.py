"""The WSGI application. It does not come up while there is a reason not to."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inbeeld.site.settings")
application = get_wsgi_application()

from inbeeld.site.checks import reasons_not_to_start  # noqa: E402  (needs the settings)

if _reasons := reasons_not_to_start():
    raise ImproperlyConfigured(" ".join(_reasons))
