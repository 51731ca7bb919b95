"""Whether a later count found that a difference is gone."""

from __future__ import annotations

from glidepath.care.supply.counted import standing
from glidepath.care.supply.models import CountDone, CountLine, Discrepancy


def clean_recount(discrepancy: Discrepancy) -> CountLine | None:
    """The line of the newest finished count after the difference was found, where it found none; else None.

    The newest alone decides: a clean count with a wrong one after it settles nothing.
    """
    after = CountDone.objects.filter(
        count__location=discrepancy.location, count__begun_at__gte=discrepancy.recorded_at,
        count__lines__batch=discrepancy.batch,
    )  # fmt: skip
    if discrepancy.line_id is not None:
        after = after.exclude(count__lines=discrepancy.line_id)
    newest = after.select_related("count__location").order_by("-at", "-pk").first()
    if newest is None:
        return None
    stands = standing(newest.count)
    line = next(one for one in stands.lines if one.batch_id == discrepancy.batch_id)
    return line if stands.difference(line) == 0 else None
