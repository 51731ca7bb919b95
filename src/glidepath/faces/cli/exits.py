"""How a command ends: 0 clean, 1 something to look at, 2 a hard stop or no complete plan, 64 wrong use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

WRONG_USE = 64


class WrongUse(click.UsageError):
    """click's own exit code for it, 2, means a hard stop here."""

    exit_code = WRONG_USE


@contextmanager
def wrong_use() -> Iterator[None]:
    """click's own complaints about arguments and options end with 64 as well."""
    try:
        yield
    except click.UsageError as wrong:
        wrong.exit_code = WRONG_USE  # type: ignore[misc]  # click reads it from the instance
        raise


class Commands(click.Group):
    """The commands by name, each loaded when it is asked for, so that none waits for another's imports."""

    def __init__(self, *args: Any, places: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places  # name: "module:attribute"

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.places:
            return None
        module, _, attribute = self.places[cmd_name].partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.places:
            near = get_close_matches(args[0].lower(), self.places, n=1, cutoff=0.5)
            meant = f" Did you mean “{near[0]}”?" if near else f" There are {', '.join(self.places)}."
            raise WrongUse(f"“{args[0]}” is not a command.{meant}", ctx=ctx)
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with wrong_use():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with wrong_use():
            return super().invoke(ctx)
