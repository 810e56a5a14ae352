"""The demonstration practice: invented people, drawn pictures, and cases that really went through every move.

Read in this order: `people` and `payers` (who), `mouths` (what their teeth look like), `stories` (what happened to
whom), `words` (what was written), then `building`, which makes it so with the actions that people use.
"""
