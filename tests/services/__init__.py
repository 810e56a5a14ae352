"""Servers for tests: started on demand on free ports in temporary folders, ended with the session, never the machine's own."""
