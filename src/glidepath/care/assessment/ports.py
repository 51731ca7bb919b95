"""What the assessment must know and cannot look up, because the room that knows it stands after it.

What is ordered here belongs on the list of medicines a person takes. The room of orders hands its reader in when it
starts, in AppConfig.ready; nothing is copied. Without a reader nothing is ordered, and the page says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from glidepath.clinical.guidelines.reconciliation import Listed
from glidepath.record.people.models import Person

OrdersOf = Callable[[Person], Sequence[Listed]]

_orders: OrdersOf | None = None


def tell_orders(reader: OrdersOf) -> None:
    """Hands in who knows what is ordered for one person and stands now."""
    global _orders
    _orders = reader


def ordered(person: Person) -> Sequence[Listed]:
    """What stands ordered now; nothing where nobody can say."""
    return () if _orders is None else _orders(person)
