"""A query that is put together once still reads the record each time."""

from __future__ import annotations

import pytest

from glidepath.record.centres.models import Centre
from glidepath.record.prebuilt import prebuilt

pytestmark = pytest.mark.django_db

built: list[type[Centre]] = []


@prebuilt
def by_name(model: type[Centre]):
    built.append(model)
    return model.objects.order_by("name")


def test_it_is_put_together_once_and_reads_the_record_each_time(django_assert_num_queries):
    before = len(list(by_name(Centre)))
    Centre.objects.create(name="A new one")
    with django_assert_num_queries(1):
        assert len(list(by_name(Centre))) == before + 1
    assert built == [Centre]


def test_what_one_reader_adds_or_reads_no_other_meets():
    Centre.objects.create(name="A new one")
    narrowed = by_name(Centre).filter(name="nobody's")
    assert list(narrowed) == []
    read = by_name(Centre)
    assert len(read) == Centre.objects.count()
    assert by_name(Centre)._result_cache is None
