"""On SQLite a rebuilt table loses its triggers silently; the next migrate brings them back."""

import pytest
from django.core.management import call_command
from django.db import connections, models

from cases.guards import missing_guards
from cases.models import CaseEvent

ALIAS = "scratch"


@pytest.fixture
def scratch(tmp_path, django_db_blocker):
    """A migrated SQLite file of its own, outside every test transaction."""
    settings = {
        **connections["default"].settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(tmp_path / "db.sqlite3"),
    }
    connections.databases[ALIAS] = {**settings, "OPTIONS": {"transaction_mode": "IMMEDIATE"}, "TEST": {}}
    with django_db_blocker.unblock():
        call_command("migrate", database=ALIAS, verbosity=0)
        yield connections[ALIAS]
        connections[ALIAS].close()
    del connections.databases[ALIAS]
    delattr(connections._connections, ALIAS)


def test_an_altered_table_has_its_guards_back_after_migrate(scratch):
    assert missing_guards(ALIAS) == []
    old = CaseEvent._meta.get_field("kind")
    new = models.CharField(max_length=41)
    new.set_attributes_from_name("kind")
    new.model = CaseEvent
    with scratch.schema_editor() as editor:
        editor.alter_field(CaseEvent, old, new)
    assert "guard_cases_caseevent_update" in missing_guards(ALIAS)
    call_command("migrate", database=ALIAS, verbosity=0)
    assert missing_guards(ALIAS) == []
