"""Turn the formulary reference (YAML) into the fact files (TOML), and compare the two value by value.

    python tools/formulary_to_facts.py convert FORMULARY.yaml [--facts DIR]
    python tools/formulary_to_facts.py compare FORMULARY.yaml [--facts DIR] [--oracles FILE]

What changes on the way, and back again when comparing:
- null has no form in TOML: the key is left out and named in `not_found`;
- `unverified: true` becomes `seen = "unverified"`; everything else with a source is seen "original", or "second_hand"
  when the source's own entry says that it is a copy, a listing or a summary.
Numbers keep their decimal text: no float is made anywhere.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import yaml

DEFAULT_FACTS = Path(__file__).parent.parent / "src" / "glidepath" / "clinical" / "facts"
SECOND_HAND = re.compile(
    r"\b(secondary|cop(y|ies|ied)|wiki|summary|listings?|listed|quotes?|quoting|quoted|reprint(ed)?)\b", re.IGNORECASE
)
SOURCE_KEYS = ("source", "role_source")
WHOLE_FILES = {  # YAML section -> TOML file, the section standing at the file's top level
    "meta": "about.toml",
    "adjuncts": "adjuncts.toml",
    "equivalence": "equivalence.toml",
    "guideline_limits": "limits.toml",
    "dose_steps": "dose_steps.toml",
    "receptor_occupancy": "receptor_occupancy.toml",
    "sources": "sources.toml",
}
LISTS = {"disagreements": ("disagreements.toml", "disagreement")}
ORACLE_FIELDS = ("what", "expected", "unit", "tolerance_percent")  # "derived" is told in the words of the test
MAX_INLINE = 160


class _ExactLoader(yaml.SafeLoader):
    """SafeLoader whose floats are Decimals of their own text."""


def _exact(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _exact)


@click.group()
def main() -> None:
    """Convert the formulary reference into fact files, and compare them."""


@main.command()
@click.argument("formulary", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--facts", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_FACTS)
def convert(formulary: Path, facts: Path) -> None:
    """Write the fact files of FORMULARY."""
    given = read_yaml(formulary)
    written = fact_files(given)
    for name, content in written.items():
        path = facts / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(to_toml(content), encoding="utf-8")
    click.echo(f"{len(written)} files written, {len(given['drugs'])} medicines, {len(given['sources'])} sources")


@main.command()
@click.argument("formulary", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--facts", type=click.Path(file_okay=False, path_type=Path), default=DEFAULT_FACTS)
@click.option("--oracles", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=None)
def compare(formulary: Path, facts: Path, oracles: Path | None) -> None:
    """Compare the fact files with FORMULARY; exit 1 when a value differs."""
    given = read_yaml(formulary)
    compared, differences = compared_with(given, facts)
    if oracles is not None:
        more, wrong = compared_oracles(given, oracles)
        compared, differences = compared + more, differences + wrong
    for difference in differences:
        click.echo(difference)
    click.echo(f"{compared} values compared, {len(differences)} differences")
    sys.exit(1 if differences else 0)


def read_yaml(path: Path) -> dict[str, Any]:
    """The whole reference, every decimal exact."""
    with path.open(encoding="utf-8") as stream:
        loaded: dict[str, Any] = yaml.load(stream, Loader=_ExactLoader)  # a SafeLoader
    return loaded


def fact_files(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """File name -> content, for everything but the test oracles."""
    second_hand = second_hand_sources(given["sources"])
    files = {f"medicines/{key}.toml": marked(drug, second_hand) for key, drug in given["drugs"].items()}
    files |= {name: marked(given[section], second_hand) for section, name in WHOLE_FILES.items()}
    files |= {name: {key: marked(given[section], second_hand)} for section, (name, key) in LISTS.items()}
    return files


def second_hand_sources(sources: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """Keys of the sources whose own entry says that they copy, list, quote or sum up another text."""

    def says_so(key: str, entry: Mapping[str, Any]) -> bool:
        words = " ".join(str(entry.get(part) or "") for part in ("title", "organisation", "note", "locator"))
        return bool(SECOND_HAND.search(f"{key.replace('_', ' ')} {words}"))

    return frozenset(key for key, entry in sources.items() if says_so(key, entry))


def marked(value: Any, second_hand: frozenset[str]) -> Any:
    """`value` as TOML can hold it: nulls named in `not_found`, how it was seen in `seen`."""
    if isinstance(value, list):
        return [marked(item, second_hand) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {str(key): marked(item, second_hand) for key, item in value.items() if item is not None}
    seen = _seen(kept, second_hand)
    if kept.get("unverified") is True:
        del kept["unverified"]
    if seen:
        kept["seen"] = seen
    missing = [str(key) for key, item in value.items() if item is None]
    return kept | ({"not_found": missing} if missing else {})


def _seen(fact: Mapping[str, Any], second_hand: frozenset[str]) -> str | None:
    if fact.get("unverified") is True:
        return "unverified"
    sources = [fact[key] for key in SOURCE_KEYS if isinstance(fact.get(key), str)]
    if not sources:
        return None
    return "second_hand" if second_hand.intersection(sources) else "original"


def unmarked(value: Any) -> Any:
    """The reverse of `marked`."""
    if isinstance(value, list):
        return [unmarked(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: unmarked(item) for key, item in value.items() if key not in ("seen", "not_found")}
    plain |= dict.fromkeys(value.get("not_found", ()))
    return plain | ({"unverified": True} if value.get("seen") == "unverified" else {})


def compared_with(given: Mapping[str, Any], facts: Path) -> tuple[int, list[str]]:
    """Number of values compared, and one line for each difference."""
    expected = {f"medicines/{key}.toml": drug for key, drug in given["drugs"].items()}
    expected |= {name: given[section] for section, name in WHOLE_FILES.items()}
    expected |= {name: {key: given[section]} for section, (name, key) in LISTS.items()}
    extra = {f"medicines/{path.name}" for path in (facts / "medicines").glob("*.toml")} - set(expected)
    differences = [f"{name}: not in the reference" for name in sorted(extra)]
    compared = 0
    for name, content in expected.items():
        with (facts / name).open("rb") as stream:
            found = flat(unmarked(tomllib.load(stream, parse_float=Decimal)))
        wanted = flat(content)
        compared += len(wanted)
        differences += _different(name, wanted, found)
    return compared, differences


def compared_oracles(given: Mapping[str, Any], path: Path) -> tuple[int, list[str]]:
    """The worked figures of the reference against the ones a test file holds, by id."""
    with path.open("rb") as stream:
        held = {case["id"]: case for case in tomllib.load(stream, parse_float=Decimal)["case"]}
    cases = {case["id"]: {key: case[key] for key in ORACLE_FIELDS} for case in given["test_oracles"]["cases"]}
    wanted = flat(cases)
    found = flat({key: {field: case.get(field) for field in ORACLE_FIELDS} for key, case in held.items()})
    return len(wanted), _different(path.name, wanted, found)


def _different(name: str, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    return [
        f"{name}: {path}: reference has {wanted.get(path, 'nothing')!r}, facts have {found.get(path, 'nothing')!r}"
        for path in sorted(wanted.keys() | found.keys())
        if path not in wanted or path not in found or not _same(wanted[path], found[path])
    ]


def _same(one: Any, other: Any) -> bool:
    """Equal in value, in kind and in decimal text (0.50 is not 0.5: the reference's digits are kept)."""
    return type(one) is type(other) and str(one) == str(other)


def flat(value: Any, path: str = "") -> dict[str, Any]:
    """Every leaf by its path; an empty list or table is a leaf too."""
    return dict(_leaves(value, path))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}[{number}]")
    else:
        yield path, value


def to_toml(content: Mapping[str, Any]) -> str:
    """TOML text: plain values first, short tables in one line, the rest under headings."""
    return "\n".join(_table(content, ())).strip() + "\n"


def _table(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    later = {key: value for key, value in content.items() if _needs_heading(value)}
    for key, value in content.items():
        if key not in later:
            yield from _assignment(key, value)
    for key, value in later.items():
        here = (*path, key)
        entries = value if isinstance(value, list) else [value]
        heading = ("[[{}]]" if isinstance(value, list) else "[{}]").format(".".join(map(_key, here)))
        for entry in entries:
            if isinstance(value, list) or not _only_headings(entry):
                yield ""
                yield heading
            yield from _table(entry, here)


def _needs_heading(value: Any) -> bool:
    if isinstance(value, dict):
        return not _is_flat(value) or len(_inline(value)) > MAX_INLINE
    return isinstance(value, list) and any(isinstance(item, dict) and not _is_short(item) for item in value)


def _only_headings(content: Mapping[str, Any]) -> bool:
    return bool(content) and all(_needs_heading(value) for value in content.values())


def _is_short(table: Mapping[str, Any]) -> bool:
    return _is_flat(table) and len(_inline(table)) <= 2 * MAX_INLINE


def _is_flat(table: Mapping[str, Any]) -> bool:
    return not any(isinstance(part, dict) or _holds_tables(part) for part in table.values())


def _holds_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict | list) for item in value)


def _assignment(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        yield f"{_key(key)} = ["
        yield from (f"  {_inline(item)}," for item in value)
        yield "]"
    else:
        yield f"{_key(key)} = {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, dict):
        return (
            "{ " + ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items()) + " }" if value else "{}"
        )
    raise TypeError(f"{value!r} has no form in TOML; the reference holds text, numbers, yes/no, lists and tables")


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else f"\\u{ord(char):04X}" for char in escaped) + '"'


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)


if __name__ == "__main__":
    main()
