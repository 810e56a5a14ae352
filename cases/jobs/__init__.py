"""Done by the worker: one file a job kind. Importing this package registers them."""

from cases.jobs import examining, following, lettering, mailing, printing, referring, schools, watching

__all__ = ["examining", "following", "lettering", "mailing", "printing", "referring", "schools", "watching"]
