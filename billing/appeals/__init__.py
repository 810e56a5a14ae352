"""Appeals, pure: which records are evidence, and the letter that says nothing without one (CL-10)."""
