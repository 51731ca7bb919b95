"""The project's settings, less what would only slow tests down or make them depend on each other."""

import atexit
import shutil
import tempfile
from pathlib import Path

from glidepath.centre.settings import *  # noqa: F403
from glidepath.centre.settings import DATABASES, SQLITE_OPTIONS, STORAGES

# Fast hashing; plain static storage (the manifest needs collectstatic); no rate limits between tests.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
ACCOUNT_RATE_LIMITS = False

# A folder of this process alone: two runs at once never share a database.
_folder = Path(tempfile.mkdtemp(prefix="glidepath-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
VAR = _folder
STATIC_ROOT = _folder / "static"
STATIC_ROOT.mkdir()

if "sqlite" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: then two threads are two connections, as on the ward. No test pulls the plug, so no fsync.
    DATABASES["default"]["TEST"] = {"NAME": _folder / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE_OPTIONS,
        "init_command": SQLITE_OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=OFF"),
    }
DATABASES["default"]["CONN_MAX_AGE"] = 0  # the browser's threads would else keep the test database open
