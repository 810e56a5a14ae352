"""Done by the worker: one file a job kind. Importing this package registers them."""

from billing.jobs import appealing, checking, exporting, posting, reading_edi, reading_scans, reading_sheets, redrawing

__all__ = [
    "appealing",
    "checking",
    "exporting",
    "posting",
    "reading_edi",
    "reading_scans",
    "reading_sheets",
    "redrawing",
]
