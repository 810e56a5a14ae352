"""What the database looks like, table by table, as JSON on the standard output; the order of columns does not count."""

import json

import django

django.setup()

from django.db import connection  # noqa: E402


def shape() -> dict[str, object]:
    with connection.cursor() as cursor:
        tables = connection.introspection.get_table_list(cursor)
        return {table.name: shape_of(cursor, table.name) for table in tables if table.type == "t"}


def shape_of(cursor, table: str) -> dict[str, object]:
    columns = connection.introspection.get_table_description(cursor, table)
    constraints = connection.introspection.get_constraints(cursor, table)
    return {
        "columns": sorted(str((one.name, one.type_code, one.display_size, one.null_ok)) for one in columns),
        "constraints": sorted(
            str(
                (
                    sorted(one["columns"]),
                    one["primary_key"],
                    one["unique"],
                    one["foreign_key"],
                    one["check"],
                    one["index"],
                )
            )
            for one in constraints.values()
        ),
        "named": sorted(name for name in constraints if name.islower() and not name.startswith(f"{table}_")),
    }


if __name__ == "__main__":
    print(json.dumps(shape(), sort_keys=True))  # noqa: T201
