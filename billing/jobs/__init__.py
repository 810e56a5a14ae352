"""Done by the worker: one file a job kind. Importing this package registers them."""

from billing.jobs import checking, exporting, posting, reading_edi, redrawing

__all__ = ["checking", "exporting", "posting", "reading_edi", "redrawing"]
