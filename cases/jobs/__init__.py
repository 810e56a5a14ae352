"""Done by the worker: one file a job kind. Importing this package registers them."""

from cases.jobs import examining, following, printing

__all__ = ["examining", "following", "printing"]
