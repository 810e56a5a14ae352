"""School days as events: who is expected, who came, what the families answered. Pure; rows are read in `cases.event_reading`."""
