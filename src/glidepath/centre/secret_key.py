"""The key that signs sessions: made once per installation, kept in var/, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_in(folder: Path, name: str = "secret-key") -> str:
    """The installation's key, made on first use. Two processes that start at once end with the same key."""
    path = folder / name
    if path.exists():
        return path.read_text().strip()
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / f".{name}.{os.getpid()}"
    own.touch(mode=0o600)
    own.write_text(secrets.token_urlsafe(64))
    try:
        os.link(own, path)  # fails when another process was first: then theirs is the key
    except FileExistsError:
        pass
    finally:
        own.unlink()
    return path.read_text().strip()
