from __future__ import annotations

import re

import pytest

from glidepath.clinical.language import WORDINGS, suggestions


@pytest.mark.parametrize(
    ("text", "found", "use"),
    [
        ("He is an addict.", "addict", "substance use disorder"),
        ("benzo addict for years", "benzo addict", "physical dependence"),
        ("a known drug user", "drug user", "person who takes"),
        ("history of substance abuse", "substance abuse", "substance use disorder"),
        ("drug abuse in 2019", "drug abuse", "misuse"),
        ("dirty urine on Monday", "dirty urine", "test positive"),
        ("has been clean for two weeks", "been clean", "not using"),
        ("drug-seeking behaviour", "drug-seeking", "asking for relief"),
        ("Refused the evening dose", "Refused", "declined"),
        ("non-compliant with step 3", "non-compliant", "did not take because"),
        ("a failed taper in March", "failed taper", "taper paused"),
        ("left AMA", "AMA", "left before the planned date"),
        ("absconded at night", "absconded", "left before the planned date"),
        ("he suffers from anxiety", "suffers from", "lives with"),
        ("committed suicide", "committed suicide", "died by suicide"),
        ("on opioid substitution", "opioid substitution", "methadone or buprenorphine"),
        ("an addicted baby", "addicted baby", "baby exposed"),
        ("a frequent flyer", "frequent flyer", "come back"),
        ("a recovering addict", "recovering addict", "in recovery"),
        ("attention-seeking", "attention-seeking", "describe behaviour"),
    ],
)
def test_a_word_that_wounds_gets_a_better_one_beside_it(text: str, found: str, use: str) -> None:
    (suggestion,) = suggestions(text)
    assert suggestion.found == found
    assert text[suggestion.start : suggestion.end] == found
    assert use in suggestion.use


@pytest.mark.parametrize(
    "text",
    [
        "Declined the 22:00 dose: too drowsy.",
        "The wound is clean and dry.",
        "A clean bandage was put on.",
        "Relapse prevention group on Tuesday.",
        "Survivor of childhood abuse.",
        "Took 10 mg of diazepam daily for twelve years.",
        "Attends Alcoholics Anonymous.",
        "The user name of the nurse is kept.",
        "Ama Boateng is her sister.",
        "Smokes out of habit.",
        "Person with physical dependence on a prescribed medicine.",
    ],
)
def test_plain_clinical_words_are_left_alone(text: str) -> None:
    assert suggestions(text) == ()


def test_suggestions_come_in_the_order_of_the_text_and_never_twice_for_one_word() -> None:
    found = suggestions("Drug-seeking alcoholic, refused again")
    assert [suggestion.found for suggestion in found] == ["Drug-seeking", "alcoholic", "refused"]


def test_what_we_suggest_needs_no_suggestion_itself() -> None:
    for wording in WORDINGS:
        own = re.sub(r"\(.*?\)", "", wording.use)
        assert suggestions(own) == (), wording.avoid
