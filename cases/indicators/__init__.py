"""Screening indicators (BSS): computed from one child's marks, counted over many children, and what may leave the practice. Pure."""
