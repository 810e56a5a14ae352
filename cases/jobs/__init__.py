"""Done by the worker: one file a job kind. Importing this package registers them."""

from cases.jobs import (
    examining,
    expiring,
    family_forms,
    folders,
    following,
    form_scans,
    lettering,
    mailing,
    packing,
    printing,
    referring,
    rosters,
    schools,
    watching,
)

__all__ = [
    "examining", "expiring", "family_forms", "folders", "following", "form_scans", "lettering", "mailing", "packing", "printing",
    "referring", "rosters", "schools", "watching",
]  # fmt: skip
