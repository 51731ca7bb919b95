"""Makes Glidepath's own environment in .venv, with nothing but a Python. make calls it: `bootstrap.py [test] [check]`.

The pinned sets (requirements*.txt) decide: while their digest is the one noted in .venv nothing is fetched, so a second
start works without a network. Four ways lead to the same environment: uv; uv that fails, then pip; venv and pip; and on
a system whose Python comes without pip, a bare venv and pip's own wheel from the configured index, checked by its hash.
"""

# This file must be readable by any Python 3, so that an old one can say what is wrong.
import configparser
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
LOCKS = {"run": "requirements.txt", "test": "requirements-test.txt", "check": "requirements-check.txt"}

PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"


class CannotInstall(RuntimeError):
    """Said in one sentence: what failed and what to do."""


def main(wanted):
    use_a_new_enough_python()
    try:
        for name in ("run", *wanted):
            install(name)
    except CannotInstall as error:
        sys.exit(f"glidepath: {error}")


def use_a_new_enough_python():
    """Goes on with the newest Python found, when the one that was called is too old."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        found = shutil.which(name)
        if found and subprocess.run([found, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
            os.execv(found, [found, *sys.argv])
    here = ".".join(map(str, sys.version_info[:3]))
    sys.exit(
        f"glidepath: Python 3.11 or newer is needed, and this is {here}. "
        "Install one, or name it: make run PYTHON=/path/to/python3.11"
    )


def install(name):
    lock = ROOT / LOCKS[name]
    stamp = VENV / f".installed-{name}"
    digest = digest_of(lock)
    if stamp.exists() and stamp.read_text() == digest and works():
        return
    say(f"setting up .venv: {lock.name} (once; a second start needs no network)")
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
    make(lock)
    if name == "run":
        install_ourselves()
    stamp.write_text(digest)


def digest_of(lock):
    """Of everything that decides what is installed: the lock, where the project lies, and which Python this is."""
    parts = [lock.read_bytes(), str(ROOT).encode(), sys.version.encode()]
    if lock.name == LOCKS["run"]:
        parts.append((ROOT / "pyproject.toml").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def works():
    """Whether .venv has a Python of the present version that starts (a moved or upgraded system leaves a dead one)."""
    if not PYTHON.exists():
        return False
    said = subprocess.run(
        [str(PYTHON), "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True
    )
    return said.returncode == 0 and said.stdout.strip() == str(tuple(sys.version_info[:2]))


# --- The ways ----------------------------------------------------------------------------------------------------
def make(lock):
    if shutil.which("uv") and with_uv(lock):
        return
    make_venv()
    with_pip(["install", "--require-hashes", "-r", str(lock)])


def with_uv(lock):
    """True when uv did it. It is asked to trust the system's certificates: a hospital's own authority stands there."""
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "VIRTUAL_ENV": str(VENV)}
    commands = [["uv", "pip", "install", "--quiet", "--compile-bytecode", "--require-hashes", "-r", str(lock)]]
    if not works():
        commands.insert(0, ["uv", "venv", "--quiet", "--python", sys.executable, str(VENV)])
    for command in commands:
        if subprocess.run(command, env=environment, cwd=str(ROOT)).returncode != 0:
            say("uv could not do it; going on with pip")
            return False
    return True


def make_venv():
    """A venv with pip; without one where the system's Python has no ensurepip (Debian without python3-venv)."""
    if works():
        return
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    bare = subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], capture_output=True, text=True)
    if bare.returncode != 0:
        raise CannotInstall(f"no environment could be made in {VENV}: {last_line(bare.stderr or made.stderr)}")


def with_pip(arguments):
    command = [*pip(), "--disable-pip-version-check", *arguments, "--quiet", "--no-input"]
    if subprocess.run(command, cwd=str(ROOT)).returncode != 0:
        raise CannotInstall(
            "pip could not install what is pinned. With no network, connect once; behind a proxy, set HTTPS_PROXY; "
            "with an index of your own, set PIP_INDEX_URL. Then try again."
        )


def pip():
    """How pip is called: the environment's own, else its wheel, which Python runs as it is."""
    if subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    return [str(PYTHON), str(pip_wheel() / "pip")]


def install_ourselves():
    """The project itself, editable: no dependencies to look for, and built by the pinned backend."""
    ours = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    if shutil.which("uv"):
        environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "UV_OFFLINE": "1"}
        if subprocess.run(["uv", "pip", "install", "--quiet", *ours], env=environment, cwd=str(ROOT)).returncode == 0:
            return
    # The backend's own commands must be found: the environment's folder stands first on PATH.
    os.environ["PATH"] = str(BIN) + os.pathsep + os.environ.get("PATH", "")
    with_pip(["install", "--no-index", *ours])


# --- pip's wheel, where there is no pip ---------------------------------------------------------------------------
def pip_wheel():
    kept = VENV / PIP_WHEEL
    if not kept.exists():
        say("this Python has no pip; fetching its wheel")
        content = fetch_pip()
        if hashlib.sha256(content).hexdigest() != PIP_SHA256:
            raise CannotInstall(
                f"{PIP_WHEEL} is not what it should be (its hash differs): not used. Install python3-venv or uv."
            )
        kept.write_bytes(content)
    return kept


def fetch_pip():
    tried = []
    for index in indexes():
        page = index.rstrip("/") + "/pip/"
        try:
            with urllib.request.urlopen(page, timeout=60) as answer:
                listed = answer.read().decode("utf-8", "replace")
            link = re.search('href="([^"]*' + re.escape(PIP_WHEEL) + '[^"]*)"', listed)
            if link:
                with urllib.request.urlopen(urljoin(page, link.group(1)), timeout=120) as answer:
                    return answer.read()
            tried.append(f"{index}: not listed")
        except OSError as error:
            tried.append(f"{index}: {error}")
    why = "; ".join(tried) or "no package index is set here"
    raise CannotInstall(f"no pip could be fetched ({why}). Install python3-venv or uv, then try again.")


def indexes():
    """The index this machine is set to use, from pip's environment and files; empty where none is set."""
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if os.environ.get(name):
            return [os.environ[name]]
    named = os.environ.get("PIP_CONFIG_FILE")
    home = Path.home()
    files = (
        [named]
        if named
        else [home / ".config/pip/pip.conf", home / ".pip/pip.conf", "/etc/xdg/pip/pip.conf", "/etc/pip.conf"]
    )
    for file in files:
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(str(file))
        found = settings.get("global", "index-url", fallback="")
        if found:
            return [found.strip()]
    return []


def last_line(text):
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason given"


def say(words):
    print(f"glidepath: {words}", flush=True)


if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in LOCKS]
    if unknown:
        sys.exit(f"glidepath: there is no set called {', '.join(unknown)}; there are: {', '.join(LOCKS)}")
    with tempfile.TemporaryDirectory() as empty:
        os.environ.setdefault("HOME", empty)  # a plain user without a home
        main(sys.argv[1:])
