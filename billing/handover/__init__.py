"""Claims for other programs: plain records with a published schema (docs/claims.schema.json), as JSON, CSV or Excel.

Pure but for the rows that `records` reads. All three say the same, from the frozen facts of the claim as the 837D does.
"""
