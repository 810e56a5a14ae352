"""Pictures as a plain library: no Django, no database, no network.

Read in this order: sniff (what is it), examine (is it whole, what does it say of itself), derive (the pictures that
people see), process (both in one call for the decoder's child process). refusal holds every reason to turn a file away.
"""
