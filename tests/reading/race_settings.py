"""The product's settings for processes of a race: the data folder and database that the test gave, cheap passwords."""

from teledent.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
