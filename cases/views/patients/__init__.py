"""Patients who stand twice: found, compared, merged and taken apart by the manager (ID-1)."""
