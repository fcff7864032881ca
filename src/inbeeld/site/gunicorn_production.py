"""How the server runs in production: gunicorn -c python:inbeeld.site.gunicorn_production inbeeld.site.wsgi.

No log of requests: an address may be that of a child's page. The log of errors names nobody.
Behind a proxy of ours that speaks https and sets X-Forwarded-Proto and X-Forwarded-For.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from inbeeld.site.logs import log_class

bind = os.environ.get("INBEELD_BIND") or "127.0.0.1:8000"
workers = int(os.environ.get("INBEELD_WORKERS") or 2)
worker_class = "gthread"
threads = 4
timeout = 60
accesslog = None
errorlog = "-"
loglevel = "warning"
logger_class = log_class()
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Say in sentences why it must not start, which the log of errors would leave out."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "inbeeld.site.settings")
    try:
        django.setup()
        from django.db import connections

        from inbeeld.site.checks import reasons_not_to_start

        reasons = reasons_not_to_start()
        connections.close_all()
    except ImproperlyConfigured as error:
        reasons = [str(error)]
    if reasons:
        print("\n".join(reasons), file=sys.stderr, flush=True)
        raise SystemExit(1)
