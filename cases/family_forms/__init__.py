"""The form by which a family answers before a school day: its words by language, one page a child, a code to file it by."""
