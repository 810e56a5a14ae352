"""Claims as pure data: facts -> lines -> problems. No Django, no clock, no database."""
