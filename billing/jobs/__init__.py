"""Done by the worker: one file a job kind. Importing this package registers them."""

from billing.jobs import checking, exporting

__all__ = ["checking", "exporting"]
