"""What `make run` does before the first page, and what it refuses."""

import socket
import sys
import time

import pytest
from django.db import connection

from glidepath.centre import make_ready
from glidepath.centre.address import BIND, NotHere, check_host, free_port
from glidepath.centre.children import Child, KeepsDying, stop, watch_over


@pytest.mark.parametrize("host", ["", "localhost", "127.0.0.1", "LocalHost"])
def test_it_is_served_on_this_machine(host):
    check_host(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "ward.example.org"])
def test_it_is_served_to_no_other_machine(host):
    with pytest.raises(NotHere, match="only be read on the machine itself"):
        check_host(host)


def test_a_busy_port_gives_the_next_free_one():
    with socket.socket() as other:
        other.bind((BIND, 0))
        other.listen()
        busy = other.getsockname()[1]
        assert busy < free_port(busy) <= busy + 50


def sleeper():
    return Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])


def test_a_process_that_dies_is_started_again():
    child = sleeper()
    child.start()
    first = child.process.pid
    child.process.kill()
    child.process.wait()
    said = []
    watch_over([child], say=said.append, stopped=lambda: bool(said))
    assert child.process.pid != first
    assert said == ["The sleeper ended; starting it again."]
    stop([child])
    assert child.has_ended()


def test_a_process_that_dies_again_and_again_is_given_up_with_its_name():
    child = Child("web server", [sys.executable, "-c", ""])
    child.start()
    for _ in range(4):
        child.process.wait()
        child.start_again(time.monotonic())
    with pytest.raises(KeepsDying, match="the web server ended 5 times"):
        child.start_again(time.monotonic())


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_no_process_outlives_the_one_that_started_it(tmp_path):
    note = tmp_path / "pid"
    program = (
        "import os, sys; from pathlib import Path; from glidepath.centre.children import Child;"
        "child = Child('x', [sys.executable, '-c', 'import time; time.sleep(60)']); child.start();"
        f"Path({str(note)!r}).write_text(str(child.process.pid)); os._exit(1)"
    )
    parent = Child("parent", [sys.executable, "-c", program])
    parent.start()
    parent.process.wait()
    assert gone_within(int(note.read_text()), seconds=5)


def gone_within(pid, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with open(f"/proc/{pid}/stat") as status:
                if status.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif("sqlite" not in connection.settings_dict["ENGINE"], reason="PostgreSQL has no file to move")
def test_a_record_that_was_stopped_half_way_was_never_there(tmp_path, settings, monkeypatch):
    path = tmp_path / "record.sqlite3"
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", path)
    with pytest.raises(KeyboardInterrupt):
        stopped_half_way()
    assert make_ready.is_new()


def stopped_half_way():
    with make_ready.built_aside(lambda words: None):
        assert "being-made" in connection.settings_dict["NAME"]
        raise KeyboardInterrupt
