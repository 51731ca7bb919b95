"""A centre with its chain open: what every test of signing in starts from."""

from glidepath.record.audit.services import open_chain
from glidepath.record.centres.models import Centre


def opened_centre() -> Centre:
    centre = Centre.objects.create(name="Hollin House")
    open_chain(centre)
    return centre
