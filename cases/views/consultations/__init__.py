"""Questions of other offices, for the practice, under /consultations/."""
