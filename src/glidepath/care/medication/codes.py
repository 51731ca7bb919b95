"""What a scanner types: the code of a wristband, of a product's shelf label, of a batch, of a staff badge.

A keyboard-wedge scanner types the text and Enter. The texts hold a random public id and nothing else, so that a lost
wristband names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from glidepath.record.errors import BadInput

PREFIX = "GLP"
LONGEST = 80


class Kind(StrEnum):
    WRISTBAND = "W"
    PRODUCT = "P"
    BATCH = "B"
    BADGE = "S"


@dataclass(frozen=True, slots=True)
class Code:
    kind: Kind
    public_id: UUID

    @property
    def text(self) -> str:
        return f"{PREFIX}:{self.kind}:{self.public_id}"


def wristband(public_id: UUID) -> str:
    """The text on a wristband."""
    return Code(Kind.WRISTBAND, public_id).text


def shelf_label(public_id: UUID) -> str:
    """The text on a product's shelf label."""
    return Code(Kind.PRODUCT, public_id).text


def batch_label(public_id: UUID) -> str:
    """The text on the label of one batch."""
    return Code(Kind.BATCH, public_id).text


def read_code(typed: str) -> Code:
    """Raises BadInput for a text that is none of ours: a maker's own barcode, or a part of one."""
    prefix, _, rest = typed.strip().partition(":")
    kind, _, address = rest.partition(":")
    try:
        if prefix.upper() != PREFIX:
            raise ValueError(prefix)
        return Code(Kind(kind.upper()), UUID(address))
    except ValueError:
        shown = typed.strip()[:40]
        raise BadInput(
            f"“{shown}” is no code of this centre. Read the wristband, or the label of our shelf.", field="code"
        ) from None
