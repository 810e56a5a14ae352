"""Two rows of one patient put together and taken apart (ID-1)."""
