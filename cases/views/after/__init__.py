"""The workplace Follow-up: what is owed to whom after the signature, and everything that goes out because of it."""
