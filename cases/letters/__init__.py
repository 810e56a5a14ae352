"""The letter to a family: phrases as data, checked; a letter as plain frozen data; its PDF. Knows no database."""
