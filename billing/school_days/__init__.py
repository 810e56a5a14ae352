"""Before the school day: how every child's plan stands, on the screen, as a sheet, and back from it."""
