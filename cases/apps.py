from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, pre_migrate  # noqa: TID251

from teledent.kit import readiness


class CasesConfig(AppConfig):
    """Registers the jobs, lets orders follow their cases, and stands the guards aside for each migrate.

    Its two signal receivers are the only ones in the product.
    """

    name = "cases"

    def ready(self) -> None:
        from cases import jobs  # noqa: F401
        from cases.actions import ordering, treating
        from cases.moving import after_move

        after_move("sign", ordering.issue_orders)
        after_move("retract", ordering.cancel_orders_of)
        after_move("submit", treating.fulfil_orders)
        after_move("withdraw", treating.free_orders)
        after_move("stop", treating.free_orders)

        pre_migrate.connect(stand_guards_aside, sender=self, dispatch_uid="cases.guards")
        post_migrate.connect(restore_guards, sender=self, dispatch_uid="cases.guards")
        readiness.register("guards", guards_stand)
        checks.register(guards_are_there, checks.Tags.database, deploy=True)  # migrate creates them: no check before it


def stand_guards_aside(using: str, plan: Sequence[Any], **_: Any) -> None:
    """Runs once, before the first migration; nothing to migrate leaves every guard where it is.

    SQLite builds changed tables anew, and on the way back columns go that guards read (docs/decisions/0008).
    """
    from cases.guards import drop_guards

    back = any(backwards for _, backwards in plan)
    if back or (plan and connections[using].vendor == "sqlite"):
        drop_guards(connections[using])


def restore_guards(using: str, **_: Any) -> None:
    """Runs once, after the last migration: a table altered by any of them has its triggers back.

    Half way, guards would read tables and columns that are not there yet: they come with the last migration.
    """
    from cases.guards import create_guards

    executor = MigrationExecutor(connections[using])
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        create_guards(connections[using])


def guards_stand() -> str:
    """For /readyz: without its triggers the database would let a signed record be changed."""
    from cases.guards import missing_guards

    missing = missing_guards()
    return f"{len(missing)} guards are missing" if missing else ""


def guards_are_there(*, databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """For `check --database default`. A warning: `migrate` asks this before it mends, and an error would keep it from that."""
    from cases.guards import missing_guards

    hint = "Run manage.py migrate: it creates every guard anew."
    found = {alias: missing_guards(alias) for alias in databases or []}
    return [
        checks.Warning(f"The database {alias} lacks {len(names)} guards, first {names[0]}.", hint=hint, id="cases.W001")
        for alias, names in found.items()
        if names
    ]
