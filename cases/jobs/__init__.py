"""Done by the worker: one file a job kind. Importing this package registers them."""

from cases.jobs import examining, mailing, printing, watching

__all__ = ["examining", "mailing", "printing", "watching"]
