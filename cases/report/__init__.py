"""The signed report: what was sent, who looked, what was seen, what could not be judged, what to do. READ document.py FIRST."""
