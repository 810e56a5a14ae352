"""Serving on one machine: one web server and one worker under a supervisor that holds the data folder."""
