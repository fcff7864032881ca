"""Whoever closes the browser, or loses the line, half-way a file has handed in nothing."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from inbeeld.access.sessions import ACTING_AS, mark_of
from inbeeld.deliveries.models import Delivery
from inbeeld.deliveries.tests.test_systems import DOOR, secret
from inbeeld.deliveries.tests.test_working_in import a_week_away
from inbeeld.learners.tests.visiting import visitor

__all__ = ["secret"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
HERE = "/aanleveringen/"


class Broken(BytesIO):
    """A line that breaks when what came is used up."""

    def read(self, size=-1):
        found = super().read(size)
        if not found and size:
            raise ConnectionResetError
        return found


def answered(request, body, *, arrives, line):
    """What the server itself answers when so many bytes of a body arrive."""
    begun = []
    environ = {**request.environ, "CONTENT_LENGTH": str(len(body)), "wsgi.input": line(body[:arrives])}
    list(WSGIHandler()(environ, lambda status, headers: begun.append(int(status[:3]))))
    return begun[0]


@pytest.mark.parametrize("line", [BytesIO, Broken])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.99])
def test_a_system_that_stops_half_way_handed_in_nothing(school, secret, part, line):
    content = a_week_away(school.learners[0])
    request = RequestFactory().post(
        DOOR, content_type="text/csv", headers={"authorization": f"Bearer {secret}"}
    )
    assert answered(request, content, arrives=int(part * len(content)), line=line) == 400
    assert not Delivery.objects.exists()
    assert answered(request, content, arrives=len(content), line=line) == 201


@pytest.mark.parametrize("line", [BytesIO, Broken])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_browser_closed_half_way_handed_in_nothing(school, henk, part, line):
    client = visitor(henk)
    token = str(client.get(HERE).context["csrf_token"])
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    file = BytesIO(a_week_away(school.learners[0]))
    file.name = "export.csv"
    request = RequestFactory().post(
        HERE,
        {"csrfmiddlewaretoken": token, ACTING_AS: mark_of(henk), "file": file},
        headers={"cookie": cookies},
    )
    body = request.body
    assert answered(request, body, arrives=int(part * len(body)), line=line) in (400, 403, 409)
    assert not Delivery.objects.exists()
    assert answered(request, body, arrives=len(body), line=line) == 302
    assert Delivery.objects.count() == 1
