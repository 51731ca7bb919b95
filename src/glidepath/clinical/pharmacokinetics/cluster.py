"""The same bands on a Dask cluster: a worker takes cohorts through the grid, and each stretch is settled by one.

Needs the extra `dask`; imported only when a cluster is asked for. The numbers are those of one process to the last
digit, because the people, the stretches and the arithmetic are the same: an order statistic knows no order of arrival.
Between workers go the levels of one stretch at a time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any

import numpy as np

from glidepath.clinical.pharmacokinetics.course import Course, Doses
from glidepath.clinical.pharmacokinetics.model import PharmacokineticsError
from glidepath.clinical.pharmacokinetics.percentiles import order_statistics
from glidepath.clinical.pharmacokinetics.settling import Progress, Settled, begun, blocks
from glidepath.clinical.pharmacokinetics.transfer import FloatArray
from glidepath.clinical.pharmacokinetics.variability import Population

AHEAD = 2  # stretches under way beyond the one waited for: enough to keep workers busy, few enough for their memory

Part = tuple[Course, FloatArray]  # a cohort where it has come to, with its levels on the way there


class MissingExtra(PharmacokineticsError):
    """A part of the package that an extra brings was asked for, and is not installed."""


@contextmanager
def settling_on_cluster() -> Iterator[Settled]:
    """What computes the bands of one medicine on the cluster, open for as long as the block lasts.

    Uses the client that is open in this process; without one the address in Dask's own configuration; without that a
    cluster of this machine's processors, closed again at the end.
    """
    distributed = _distributed()
    with _open_client(distributed) or _own_client(distributed) as client:
        yield partial(settled_there, client)


def settled_there(
    client: Any, population: Population, doses: Doses, times_h: FloatArray, wanted: Sequence[int], progress: Progress
) -> FloatArray:
    """As `settled_here`, by the workers of `client`: (wanted, species, times), ng/mL."""
    parts = [client.submit(_begun, population, number, doses, times_h, pure=False) for number in range(len(population))]
    found = np.empty((len(wanted), len(population.model.all_species), len(times_h)))
    under_way: deque[tuple[int, int, Any]] = deque()
    for first, end in blocks(population, len(times_h)):
        parts = [client.submit(_gone_on, part, end - first, pure=False) for part in parts]
        under_way.append((first, end, client.submit(_settled, parts, wanted, pure=False)))
        if len(under_way) > AHEAD:
            _keep(under_way.popleft(), found, progress)
    while under_way:
        _keep(under_way.popleft(), found, progress)
    return found


def _keep(stretch: tuple[int, int, Any], found: FloatArray, progress: Progress) -> None:
    first, end, settled = stretch
    found[:, :, first:end] = settled.result()
    progress(end / found.shape[-1])


def _begun(population: Population, number: int, doses: Doses, times_h: FloatArray) -> Part:
    return begun(population, number, doses, times_h), np.empty((len(population.model.all_species), 0, 0))


def _gone_on(part: Part, times: int) -> Part:
    """One stretch further; the part given stays as it is, for a task may run twice."""
    course, _ = part
    further = course.copy()
    levels = np.empty((further.cohort.size - 1, times, further.cohort.people))
    further.fill(levels)
    return further, levels


def _settled(parts: list[Part], wanted: Sequence[int]) -> FloatArray:
    return order_statistics(np.concatenate([levels for _, levels in parts], axis=-1), wanted)


def _open_client(distributed: Any) -> AbstractContextManager[Any] | None:
    """The client that is open already, and stays open afterwards; None where there is none."""
    try:
        return nullcontext(distributed.get_client())
    except ValueError:
        return None


def _own_client(distributed: Any) -> Any:
    """One for this call: at the address of Dask's configuration, or with a cluster of this machine's own."""
    import dask

    address = dask.config.get("scheduler-address", None)
    return distributed.Client(address) if address else distributed.Client(dashboard_address=None)


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as missing:
        raise MissingExtra(
            "a population on a Dask cluster needs the extra “dask”: pip install 'glidepath[dask]', "
            "or use the engine numpy"
        ) from missing
    return distributed
