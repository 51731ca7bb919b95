"""A wording pack is off until somebody confirmed the terms, is whole or not taken, and changes no score."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.definition import DefinitionError
from glidepath.clinical.instruments.scoring import score
from glidepath.clinical.instruments.wording import with_wording

ITEMS = "\n".join(f'{item.key} = "Published words {item.number}"' for item in instrument("sds").items)
PACK = f'version = "1995-own-words-1"\nsource = "the licensed form"\ndate = "2026-11-01"\n[items]\n{ITEMS}\n'


def test_the_published_words_are_shown_and_the_score_is_the_same() -> None:
    loaded = with_wording(instrument("sds"), PACK, confirmed_by="A. Manager")
    assert [item.shown for item in loaded.items][:2] == ["Published words 1", "Published words 2"]
    assert (loaded.wording_source, loaded.wording_date, loaded.own_words) == ("the licensed form", "2026-11-01", False)
    ours, theirs = score(instrument("sds"), [1, 1, 2, 1, 1]), score(loaded, [1, 1, 2, 1, 1])
    assert (theirs.total, theirs.version, theirs.wording_source) == (ours.total, ours.version, "the licensed form")
    assert ours.wording_source is None


@pytest.mark.parametrize(
    ("key", "pack", "by", "says"),
    [
        ("sds", PACK, " ", "Nobody confirmed the terms"),
        ("phq_9", PACK, "A", "takes no wording pack"),
        ("isi", PACK, "A", "takes no wording pack"),
        ("sds", PACK.replace("1995", "1996"), "A", "The pack is for version"),
        ("sds", PACK.replace("worry =", "mood ="), "A", "“mood” is no item of SDS"),
        ("sds", PACK.replace('"Published words 3"', '" "'), "A", "Item worry of SDS has no words"),
        ("sds", PACK.replace("[items]", "[words]"), "A", "no [items]"),
        ("sds", PACK.replace("source =", "from ="), "A", "does not say its source"),
        ("sds", "= 1", "A", "not TOML"),
    ],
)
def test_a_pack_that_is_not_whole_or_not_confirmed_is_not_taken(key: str, pack: str, by: str, says: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        with_wording(instrument(key), pack, confirmed_by=by)
    assert says in str(caught.value)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | st.lists(st.sampled_from(PACK.splitlines()), max_size=9).map("\n".join))
def test_any_pack_is_taken_or_told(text: str) -> None:
    try:
        loaded = with_wording(instrument("sds"), text, confirmed_by="A. Manager")
    except DefinitionError:
        return
    assert all(item.text for item in loaded.items)
