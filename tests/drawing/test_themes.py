"""Every mark is written in print's colours and repainted for the theme in force by its class: none is left out."""

import re

import pytest

from tests.architecture.source import PACKAGE, modules

WRITTEN = re.compile(r'"((?:c|t)-[a-z][a-z0-9-]*)"')
SHEETS = ("glidepath.css", "shell.css")
RULES = "".join((PACKAGE / "faces/shell/static/glidepath" / name).read_text() for name in SHEETS)
IN_THE_THEME_AS_IT_IS = {"t-axis"}  # as every text of a drawing


@pytest.mark.parametrize("module", modules("drawing"), ids=lambda path: path.stem)
def test_every_class_of_a_drawing_has_a_colour_of_the_theme(module):
    written = set(WRITTEN.findall(module.read_text())) - IN_THE_THEME_AS_IT_IS
    assert {one for one in written if not re.search(rf"\.{one}\b(?!-)", RULES)} == set()
