"""The whole product on a database of its own, for tests that start processes."""

from tests.billing.product import product, product_on_postgres, product_on_sqlite  # noqa: F401 - fixtures
