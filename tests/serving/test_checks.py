import pytest

from teledent import checks


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_these_settings_are_sound():
    for check in (
        checks.secret_is_strong,
        checks.sqlite_is_sound,
        checks.connections_are_encrypted,
        checks.decoder_can_load,
    ):
        assert check() == []


@pytest.mark.parametrize("key", ["short", "a" * 60, "changeme" * 8])
def test_a_weak_key_stops_the_start(settings, key):
    settings.SECRET_KEY = key
    assert ids(checks.secret_is_strong()) == ["teledent.E001"]


@pytest.mark.parametrize(
    ("host", "options", "expected"),
    [
        ("db.example.org", {}, ["teledent.E002"]),
        ("db.example.org", {"sslmode": "prefer"}, ["teledent.E002"]),
        ("db.example.org", {"sslmode": "verify-full"}, []),
        ("127.0.0.1", {}, []),
        ("/run/postgresql", {}, []),
    ],
)
def test_a_database_elsewhere_is_encrypted(monkeypatch, settings, host, options, expected):
    database = {"ENGINE": "django.db.backends.postgresql", "HOST": host, "OPTIONS": options}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    assert ids(checks.connections_are_encrypted()) == expected


@pytest.mark.parametrize(
    ("url", "expected"), [("redis://cache.example.org/0", ["teledent.E003"]), ("rediss://cache.example.org/0", [])]
)
def test_redis_elsewhere_is_encrypted(settings, url, expected):
    settings.REDIS_URL = url
    assert ids(checks.connections_are_encrypted()) == expected


def test_a_file_store_elsewhere_is_encrypted(monkeypatch, settings):
    monkeypatch.setitem(settings.STORAGES["default"], "OPTIONS", {"endpoint_url": "http://s3.example.org"})
    assert ids(checks.connections_are_encrypted()) == ["teledent.E004"]


def test_a_decoder_that_cannot_load_stops_the_start(settings):
    settings.DECODER_PRELOAD = ["json", "no_such_module"]
    assert ids(checks.decoder_can_load()) == ["teledent.E005"]


def test_an_old_sqlite_is_told(settings):
    settings.SQLITE_SAFE_FOR_WAL = False
    assert ids(checks.sqlite_is_sound()) == ["teledent.W001"]
