"""What is compressed, for whom, and what is never."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.database]
KNOWS = {"accept-encoding": "gzip, deflate, br"}


def body(response):
    found = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:  # its file; closing the answer itself would end the connection
        close()
    return found


@pytest.mark.parametrize("name", ["inbeeld.css", "vendor/utrecht.css", "inbeeld.svg", "draft.js"])
def test_styles_scripts_and_pictures_go_out_smaller_and_are_the_same(name):
    whole = Path(finders.find(name)).read_bytes()
    smaller = Client().get(f"/static/{name}", headers=KNOWS)
    assert smaller.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in smaller.headers["Vary"]
    sent = body(smaller)
    assert gzip.decompress(sent) == whole and len(sent) < len(whole)
    plain = Client().get(f"/static/{name}")
    assert "Content-Encoding" not in plain.headers and body(plain) == whole


def test_a_font_and_a_page_are_sent_as_they_are():
    """How long a compressed page is would tell of what stands in it."""
    for address in ("/", "/definities/", "/static/vendor/noto-sans-latin.woff2"):
        answer = Client().get(address, headers=KNOWS)
        assert body(answer) and "Content-Encoding" not in answer.headers, address
