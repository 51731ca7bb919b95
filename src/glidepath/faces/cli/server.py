"""The commands of the centre's own server. Only these know Django, and only when they are called."""

from __future__ import annotations

import os
from importlib.util import find_spec

import click

SETTINGS = "glidepath.centre.settings"
NEEDS = "This command belongs to the server. Install it: pip install 'glidepath[server]'"


def start_django() -> None:
    """Loads the project. Raises ClickException, with what to install, where the server's packages are missing."""
    if find_spec("django") is None:
        raise click.ClickException(NEEDS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def manage(command: str, *arguments: str) -> None:
    """Runs a management command of the project as it would run by hand."""
    start_django()
    from django.core.management import call_command

    call_command(command, *arguments)


@click.command()
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def up(arguments: tuple[str, ...]) -> None:
    """Start the centre on this machine: database, demo if empty, web and worker."""
    manage("up", *arguments)


@click.command()
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def watch(arguments: tuple[str, ...]) -> None:
    """Carry messages: look again and again for what is overdue."""
    manage("watch", *arguments)


for _command in (up, watch):  # their options are the management command's own
    _command.context_settings = {"ignore_unknown_options": True, "allow_extra_args": True}
