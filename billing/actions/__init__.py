"""Done by a person: one verb, one function."""
