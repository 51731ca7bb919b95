"""Choices to tap as markup: a page of questions has hundreds of them, and a template is slow at so many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.safestring import SafeString


def labels(
    name: object, choices: Iterable[tuple[Any, Any]], *, chosen: Any, many: bool, written: Callable[[Any], str]
) -> SafeString:
    """A radio button for each choice, or where `many` a checkbox.

    choices: (value, word) each. chosen: the value, None for none; where `many` the values. written: how a template
    writes a value, escaped.
    """
    kind, box = "checkbox" if many else "radio", written(name)
    return SafeString(
        "".join(
            f'<label class="chip"><input type="{kind}" name="{box}" value="{written(one)}"'
            f"{' checked' if _is_chosen(one, chosen, many) else ''}><span>{written(word)}</span></label>"
            for one, word in choices
        )
    )


def _is_chosen(one: Any, chosen: Any, many: bool) -> bool:
    """Of one choice what was typed counts: a number in the record and the same one sent by a form are one answer."""
    return one in chosen if many else chosen is not None and str(chosen) == str(one)
