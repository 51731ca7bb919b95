"""What a full assessment asks: each fact once, and a broken file stops the start-up and names where it is broken."""

import shutil

import pytest

from glidepath.clinical.facts.load import FACTS_DIR, BrokenFact, assessment, load_facts

# The domains of the care pathway's comprehensive assessment, in its order.
DOMAINS = ["benzodiazepines", "substances", "medical", "psychiatric", "medicines", "person", "social"]
SUBSTANCES = {
    "alcohol", "opioids", "z_drugs", "gabapentinoids", "stimulants", "cannabis", "nicotine", "ghb", "barbiturates",
}  # fmt: skip
BROKEN = [
    ("a fact asked twice", 'fact = "injects_bzd"', 'fact = "dx_osa"', "asked twice"),
    ("a kind nobody has", 'kind = "text"', 'kind = "song"', "kind"),
    ("an asker nobody is", 'by = "nurse"', 'by = "neighbour"', "by"),
    ("no reason", 'why = "It bears on where care is given."', 'why = ""', "why"),
    ("a name too long", 'fact = "own_view_of_dependence"', f'fact = "{"b" * 41}"', "fact"),
    ("a question where the vocabulary has it", 'fact = "dx_osa"', 'fact = "dx_osa"\nquestion = "Apnoea?"', "question"),
    ("choices of no choice", 'kind = "text"', 'kind = "text"\nanswers = { a = "b" }', "answers"),
    ("a choice without choices", 'kind = "yes_no"', 'kind = "choice"', "answers"),
    ("bounds the wrong way", "low = 0\nhigh = 10", "low = 10\nhigh = 0", "low"),
    ("a unit of no number", 'kind = "text"', 'kind = "text"\nunit = "mg"', "unit"),
    ("a caution that is no answer", 'short = "lasting pain"', 'short = "x"\ncautious = ["perhaps"]', "cautious"),
    ("a sedative that is no substance", '"ghb", "barb', '"ghb", "moonbeams", "barb', "sedate"),
    ("a rule nobody has", 'rule = "POL-8"', 'rule = "POL-99"', "rule"),
    ("no domains", "[[domains]]", "[[parts]]", "domains"),
]


def test_the_domains_and_the_substances_are_those_of_the_care_pathway():
    assert [one.key for one in assessment().domains] == DOMAINS
    assert set(assessment().substances) - {"other"} == SUBSTANCES


@pytest.mark.parametrize(("what", "right", "wrong", "key"), BROKEN, ids=[one[0] for one in BROKEN])
def test_a_broken_file_stops_the_start(tmp_path, what, right, wrong, key):
    folder = tmp_path / "facts"
    shutil.copytree(FACTS_DIR, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "assessment.toml"
    text = path.read_text()
    assert right in text
    changed = text.replace(right, wrong) if what == "no domains" else text.replace(right, wrong, 1)
    path.write_text(changed)
    with pytest.raises(BrokenFact, match=r"assessment\.toml") as broken:
        load_facts(folder)
    assert key in str(broken.value)
