"""X12 as pure text: claims out, answers back. No Django, no clock, no database."""
