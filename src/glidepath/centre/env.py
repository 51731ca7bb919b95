"""Settings from the environment: one typed reader with messages that say what to mend."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar, overload

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})


@overload
def env(name: str, default: str) -> str: ...
@overload
def env(name: str, default: T, read: Callable[[str], T]) -> T: ...
def env(name: str, default: object, read: Callable[[str], object] = str) -> object:
    """The variable `name` as `read` understands it, or `default` when it is not set.

    Raises ImproperlyConfigured naming the variable, what it held and what is understood.
    """
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return read(raw.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={raw!r} cannot be used: {error}") from error


def flag(raw: str) -> bool:
    """1/true/yes/on or 0/false/no/off."""
    if raw.lower() in YES:
        return True
    if raw.lower() in NO:
        return False
    raise ValueError("write 1 or 0")


def words(raw: str) -> tuple[str, ...]:
    """Comma-separated words."""
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def whole(raw: str) -> int:
    """A whole number, zero or more."""
    if not raw.isdigit():
        raise ValueError("write a whole number")
    return int(raw)
