"""A broken plan template stops the start-up and names where it is broken."""

import shutil

import pytest

from glidepath.clinical.facts.load import FACTS_DIR, BrokenFact, load_facts

BROKEN = [
    ("an intervention of no kind", 'kind = "therapy"', 'kind = "magic"', "kind"),
    ("a measure nobody has", 'measure = "sleep"', 'measure = "mood ring"', "measure"),
    ("a rule nobody has", 'rule = "JCG-9"', 'rule = "JCG-999"', "rule"),
    ("a rule that may not be shown", 'rule = "JCG-9"', 'rule = "POL-6"', "rule"),
    ("a rule and a source", 'rule = "JCG-9"', 'rule = "JCG-9"\nseen = "ours"', "rule"),
    ("a line without a basis", 'rule = "JCG-12b"', "", "seen"),
    ("a source nobody has", 'source = "baillargeon2003"', 'source = "a_friend"', "source"),
    ("a line both ours and of a source", 'seen = "second_hand"', 'seen = "ours"', "seen"),
    ("a line nobody has seen", 'source = "baillargeon2003"\nseen = "second_hand"', 'seen = "unverified"', "seen"),
    ("an unknown problem", "[falls]", "[frogs]", "frogs"),
    ("no date", "by_days = 56", "by_days = 0", "by_days"),
    ("an unknown rule that proposes", 'rules = ["OLD-1"]', 'rules = ["OLD-99"]', "rules"),
    ("days that are none", "inpatient_days = { value = 7", "inpatient_days = { value = 0", "inpatient_days"),
]


@pytest.mark.parametrize(("what", "right", "wrong", "key"), BROKEN, ids=[one[0] for one in BROKEN])
def test_it_stops_the_start(tmp_path, what, right, wrong, key):
    folder = tmp_path / "facts"
    shutil.copytree(FACTS_DIR, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "plan_templates.toml"
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong, 1))
    with pytest.raises(BrokenFact, match=r"(plan_templates|settings)\.toml") as broken:
        load_facts(folder)
    assert key in str(broken.value)
