"""Done by the worker: one file a job kind. Importing this package registers them."""

from billing.jobs import (
    appealing,
    asking_by_file,
    checking,
    exporting,
    posting,
    reading_edi,
    reading_scans,
    reading_sheets,
    redrawing,
)

__all__ = [
    "appealing",
    "asking_by_file",
    "checking",
    "exporting",
    "posting",
    "reading_edi",
    "reading_scans",
    "reading_sheets",
    "redrawing",
]
