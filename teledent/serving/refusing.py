"""What keeps a server from starting, or from showing a new certificate. Knows no Django: gunicorn's settings read it, too."""


class CannotServe(Exception):
    """Why serving cannot start or go on with these files, as a sentence with what to do."""
