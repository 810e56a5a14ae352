"""Done by the worker: one file a job kind. Importing this package registers them."""

from cases.jobs import examining, expiring, printing

__all__ = ["examining", "expiring", "printing"]
