"""One-time links that let a person set her password, shown once or mailed."""

from urllib.parse import urljoin

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from teledent.accounts.models import Person


def password_link(person: Person, *, origin: str) -> str:
    """The address below `origin` ("https://host/") where she sets a password: good for a day, dead once used."""
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("password-set", args=[uid, default_token_generator.make_token(person)])
    return urljoin(origin, path)


def mail_password_link(person: Person, *, origin: str) -> None:
    """Send the link to her own address."""
    text = render_to_string(
        "accounts/mail/password.txt", {"person": person, "link": password_link(person, origin=origin)}
    )
    send_mail("Set your Teledent password", text, None, [person.email])
