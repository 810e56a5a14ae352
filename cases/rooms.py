"""Rooms of a school in the order in which people walk them, and grades in the order in which children go through them."""

import re


def room_key(room: str) -> tuple[int, str]:
    """Room 4 before room 12, words after numbers, no room last."""
    digits = re.match(r"\d{1,9}", room)
    return (int(digits[0]) if digits else (1 << 30) + (not room), room)


def grade_key(grade: str) -> tuple[int, str]:
    """Kindergarten before the first grade, words after numbers, no grade last."""
    if grade.strip().upper() in ("PK", "K", "KG"):
        return (-1 if grade.strip().upper() == "PK" else 0, grade)
    return room_key(grade)
