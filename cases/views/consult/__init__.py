"""What a dentist of another office does by her link, under /consult/. Nobody is signed in here."""
