"""What a family does by its link, under /send/. Nobody is signed in here, and whoever is elsewhere counts for nothing."""
