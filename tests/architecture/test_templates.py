"""Templates: nothing inline, every form with its proof of origin, every place in the bar leads somewhere."""

import re

import pytest
from django.urls import NoReverseMatch, reverse

from glidepath.faces.shell.navigation import PLACES, TABS
from tests.architecture.source import name, templates

FORM = re.compile(r"<form\b(?P<head>[^>]*)>(?P<body>.*?)</form>", re.DOTALL | re.IGNORECASE)
# `{% once %}` ... may stand in a part that is included; the proof of origin may not.
INLINE = {
    "a style attribute": re.compile(r"<[^>]+\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without a source": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE
    ),
    "an event attribute": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "a value that needs eval": re.compile(r"hx-on|hx-vals\s*=\s*['\"]js:|javascript:", re.IGNORECASE),
    "an address of another machine": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds(what):
    strays = [name(path) for path in templates() if INLINE[what].search(path.read_text())]
    assert strays == [], f"{what}: the content policy forbids it, or a page would leave the building"


def test_every_form_that_posts_carries_its_proof_of_origin():
    strays = []
    for path in templates():
        for form in FORM.finditer(path.read_text()):
            posts = re.search(r"method=[\"']post", form["head"], re.IGNORECASE)
            packaged = "{% slot body %}" in form["body"]
            if posts and not packaged and "{% csrf_token %}" not in form["body"]:
                strays.append(name(path))
    assert strays == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.word)
def test_every_place_in_the_bar_leads_somewhere(place):
    assert leads_somewhere(place.name)


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.word)
def test_every_tab_of_the_chart_leads_somewhere(tab):
    assert leads_somewhere(tab.name, "0b7cb2a2-6e0e-4b7f-9d2a-3d1c54c9d001")


def leads_somewhere(named, *args):
    try:
        return bool(reverse(named, args=args))
    except NoReverseMatch:
        return False
