"""The product's settings for tests: a data folder of their own, and nothing that is slow on purpose.

The environment is set before the product's settings read it; so no test ever touches ./var or a running service.
"""

import atexit
import os
import shutil
import tempfile

TEST_DATA_DIR = tempfile.mkdtemp(prefix="teledent-tests-")
OWNER = os.getpid()


def _remove() -> None:
    if os.getpid() == OWNER:  # not in a fork of the test process
        shutil.rmtree(TEST_DATA_DIR, ignore_errors=True)


atexit.register(_remove)
FROM_THE_SHELL = ("DATABASE_URL", "REDIS_URL", "S3_BUCKET", "SECRET_KEY", "PUBLIC_URL", "FAULT", "PORT")
for (
    name
) in FROM_THE_SHELL:  # what the shell holds is somebody's installation; tests name theirs TEST_DATABASE_URL and so on
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = TEST_DATA_DIR
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from teledent.settings import *  # noqa: E402, F403

os.environ.pop("DATABASE_URL", None)  # processes that tests start get theirs from the test
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
FREE_DISK_FLOOR = 0
