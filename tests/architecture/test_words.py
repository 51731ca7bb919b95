"""People are named first, in the code too: the list of words to leave is the core's own (clinical/language.py)."""

import ast
import re
import tomllib
from functools import cache

import pytest

from glidepath.clinical.language import suggestions
from tests.architecture.source import PACKAGE, modules, name, parsed, templates

THE_LIST = "clinical/language.py"
# Of a service one may say that it refused; of a person never. So sentences are held to it, and names and codes are not.
SAID_OF_SOFTWARE = re.compile(r"refus(?:ed|es|ing|al)", re.IGNORECASE)
TAG = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
CODE = re.compile(r"[\w.:-]+")


@cache  # the same names stand in many files
def found_in(text):
    return tuple(suggestion.found for suggestion in suggestions(text))


def is_code(text, word):
    return bool(CODE.fullmatch(text) and SAID_OF_SOFTWARE.fullmatch(word))


def docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            yield id(node.body[0].value)


def texts(path):
    """Every text of the file that could reach a screen."""
    tree = parsed(path)
    explained = set(docstrings(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


def identifiers(path):
    for node in ast.walk(parsed(path)):
        for field in ("id", "attr", "arg", "name"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value


def as_words(identifier):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", identifier).replace("_", " ")


SOURCES = [
    path
    for path in modules("clinical", "drawing", "record", "care", "faces", "centre", tests=False)
    if name(path) != THE_LIST
]


def test_no_text_of_the_code_labels_or_blames_a_person():
    strays = {
        name(path): bad
        for path in SOURCES
        if (bad := [word for text in texts(path) for word in found_in(text) if not is_code(text, word)])
    }
    assert strays == {}


def test_no_name_in_the_code_labels_or_blames_a_person():
    strays = {
        name(path): bad
        for path in SOURCES
        if (
            bad := {
                word
                for identifier in identifiers(path)
                for word in found_in(as_words(identifier))
                if not SAID_OF_SOFTWARE.fullmatch(word)
            }
        )
    }
    assert strays == {}


def on_the_page(source):
    """What a reader would see, and the words handed on inside tags; names of variables are the code's."""
    tags = " ".join(TAG.findall(source))
    return [*found_in(TAG.sub(" ", source)), *(word for word in found_in(tags) if not SAID_OF_SOFTWARE.fullmatch(word))]


def test_no_page_labels_or_blames_a_person():
    strays = {name(path): bad for path in templates() if (bad := on_the_page(path.read_text()))}
    assert strays == {}


def test_no_fact_labels_or_blames_a_person():
    strays = {}
    for path in (PACKAGE / "clinical").rglob("*.toml"):
        if path.name != "sources.toml":  # titles of papers stand there as they were printed
            bad = [word for text in strings(tomllib.loads(path.read_text())) for word in found_in(text)]
            strays |= {name(path): bad} if bad else {}
    assert strays == {}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


@pytest.mark.parametrize("text", ["the addict in bed 4", "drug-seeking again", "dirty urine", "non-compliant"])
def test_the_list_finds_what_it_is_for(text):
    assert found_in(text)
