"""Families that send their own pictures by a link."""
