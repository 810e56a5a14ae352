"""The password hasher, sized for the machine that also reads radiographs."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Modest(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass, one lane (OWASP's first choice): sixteen sign-ins at once stay below 800 MB."""

    time_cost = 1
    memory_cost = 46 * 1024
    parallelism = 1
