"""Settings from the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from glidepath.centre.env import env, flag, whole, words


def test_what_is_not_set_is_the_default(monkeypatch):
    monkeypatch.delenv("HTTPS", raising=False)
    assert env("HTTPS", True, flag) is True


def test_a_switch_is_read_in_the_usual_spellings(monkeypatch):
    for raw, meant in {"1": True, "yes": True, "On": True, "0": False, "false": False, "": False}.items():
        monkeypatch.setenv("HTTPS", raw)
        assert env("HTTPS", None, flag) is meant


@pytest.mark.parametrize(("read", "raw"), [(flag, "maybe"), (whole, "-3"), (whole, "many")])
def test_a_value_that_cannot_be_used_is_named_with_what_is_understood(monkeypatch, read, raw):
    monkeypatch.setenv("PORT", raw)
    with pytest.raises(ImproperlyConfigured, match=f"PORT='{raw}' cannot be used: write "):
        env("PORT", None, read)


def test_names_are_separated_by_commas(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "ward.example.org, , desk.example.org")
    assert env("ALLOWED_HOSTS", (), words) == ("ward.example.org", "desk.example.org")
