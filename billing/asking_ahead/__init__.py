"""Asking a payer ahead: what it would pay for planned care, or whether it authorises it. Pure: no Django here."""
