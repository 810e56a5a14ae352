"""Orders of a dentist to the hygienist, and the visit that fulfils them (CO-3)."""
