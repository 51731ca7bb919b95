from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glidepath.record.centres.models import Unit
    from glidepath.record.episodes.models import Episode


class FlowConfig(AppConfig):
    name = "glidepath.care.flow"
    label = "flow"

    def ready(self) -> None:
        """A call, the screen and the admission ask facts, and say which, so that none is asked twice. A transfer to
        another unit waits until the medicines were gone through."""
        from glidepath.care.assessment.asking import declare
        from glidepath.record.episodes.ports import tell_what_a_transfer_waits_for

        tell_what_a_transfer_waits_for(_no_transfer_yet)

        declare("a call", _of_a_call)
        declare("the screen", _of_the_screen)
        declare("admission", _of_the_admission)


def _no_transfer_yet(episode: Episode, to_unit: Unit) -> str:
    from glidepath.care.flow.going_through_acts import why_not_to

    return why_not_to(episode, to_unit)


def _of_a_call() -> Mapping[str, str]:
    from glidepath.care.flow.screen import CALL_FACTS

    return CALL_FACTS


def _of_the_screen() -> Mapping[str, str]:
    from glidepath.care.flow.screen import SCREEN_FACTS

    return SCREEN_FACTS


def _of_the_admission() -> Mapping[str, str]:
    from glidepath.care.flow.admission import ALWAYS_ASKED

    return {name: name for name in ALWAYS_ASKED}
