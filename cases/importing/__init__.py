"""Files that lie on this machine: a camera card, the export of an imaging program. Same checks as what is sent."""
