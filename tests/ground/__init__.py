"""A small installation of the ground floor alone, for tests that start processes: it loads fast and has job kinds to kill."""
