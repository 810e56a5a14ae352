"""X12 as pure text: claims out. No Django, no clock, no database."""
