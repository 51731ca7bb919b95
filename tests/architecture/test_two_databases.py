"""What the run on PostgreSQL leaves out says nothing about a database (tools/run_tests.py)."""

from fnmatch import fnmatch

from tests.architecture.source import PACKAGE, ROOT, name
from tools.run_tests import ON_ONE_DATABASE, PAGES_ON_ONE_DATABASE

ABOUT_A_DATABASE = ("transaction=True", "mark.race", "mark.crash", "mark.clock", "transactional_db", "Thread")


def page_tests():
    return [
        path for path in PACKAGE.rglob("test_*.py") if any(fnmatch(path.name, one) for one in PAGES_ON_ONE_DATABASE)
    ]


def test_no_test_of_pages_is_about_two_writers_a_killed_process_or_real_transactions():
    strays = {
        name(path): said
        for path in page_tests()
        if (said := [one for one in ABOUT_A_DATABASE if one in path.read_text()])
    }
    assert page_tests()
    assert strays == {}, "move these tests to a file that is not named for its page: PostgreSQL must run them too"


def test_each_folder_that_is_left_out_is_there():
    assert [path for path in ON_ONE_DATABASE if not (ROOT / path).is_dir()] == []
