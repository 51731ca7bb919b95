"""The repository speaks of the project alone, and of people as people."""

import re
import socket
from pathlib import Path

from tests.architecture.source import ROOT, name, text_files

VENDORED = ("static/vendor/", "tests/browser/axe-", "fonts/OFL.txt", "LICENSE")
# Written in two parts, so that this file does not find itself.
PLACES = ["/" + "work/", "/" + "root/", "/" + "opt/", "../" + "shared", "/home/" + "user"]
LOCKS = ("requirements.txt", "requirements-test.txt", "requirements-check.txt")


def own_files():
    return [path for path in text_files() if not any(part in str(path.relative_to(ROOT)) for part in VENDORED)]


def test_nothing_names_the_machine_it_was_written_on():
    host, home = socket.gethostname(), str(Path.home())
    words = PLACES + [host] * (len(host) > 5) + [f"{home}/"] * (home.count("/") > 1)
    strays = [
        f"{name(path)}: {word}" for path in own_files() for word in words if word in path.read_text(errors="replace")
    ]
    assert strays == []


def test_the_pinned_sets_name_no_place_to_fetch_from():
    for lock in LOCKS:
        text = (ROOT / lock).read_text()
        assert not re.search(r"https?:|file:|--index|--find-links| @ ", text), lock
        assert "--hash=sha256:" in text


def test_every_pinned_package_has_an_exact_version_and_a_hash():
    for lock in LOCKS:
        entries = [entry for entry in re.split(r"\n(?=\S)", (ROOT / lock).read_text()) if entry.strip()]
        loose = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
        assert loose == [], lock


def test_the_sets_agree_on_every_package_they_share():
    pinned = {}
    for lock in LOCKS:
        for package, version, marker in re.findall(
            r"^([\w.-]+)==(\S+)(.*)\\$", (ROOT / lock).read_text(), re.MULTILINE
        ):
            pinned.setdefault((package, "3.12'" in marker and marker), set()).add(version)
    assert {package: versions for package, versions in pinned.items() if len(versions) > 1} == {}
