from tests.reading.conftest import case_at, client_of, world

__all__ = ["case_at", "client_of", "world"]
