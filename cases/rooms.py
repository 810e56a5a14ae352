"""Rooms of a school in the order in which people walk them."""

import re


def room_key(room: str) -> tuple[int, str]:
    """Room 4 before room 12, words after numbers, no room last."""
    digits = re.match(r"\d{1,9}", room)
    return (int(digits[0]) if digits else (1 << 30) + (not room), room)
