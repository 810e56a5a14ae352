"""What was typed at a link is about what is sent by it: each such consent names its case from here on (CO-1)."""

from contextlib import contextmanager

import django.db.models.deletion
from django.db import migrations, models


@contextmanager
def without_its_guard(schema_editor):
    """Consents are only added to, and this adds to what they say. On SQLite the guards stand aside for every migration."""
    if schema_editor.connection.vendor != "postgresql":
        yield
        return
    schema_editor.execute("ALTER TABLE cases_consent DISABLE TRIGGER USER")
    yield
    schema_editor.execute("ALTER TABLE cases_consent ENABLE TRIGGER USER")


def name_their_cases(apps, schema_editor):
    """A link's consent was written in the act that opened its case: at the same instant, by the same signer."""
    alias = schema_editor.connection.alias
    consents = apps.get_model("cases", "Consent").objects.using(alias)
    links = apps.get_model("cases", "SendingLink").objects.using(alias).filter(case__isnull=False)
    with without_its_guard(schema_editor):
        for case, opened_at, name, authority in links.values_list("case", "case__opened_at", "signer_name", "signer_authority"):
            written = consents.filter(evidence="link", case__isnull=True, recorded_at=opened_at)
            pk = written.filter(signer_name=name, signer_authority=authority).values_list("pk", flat=True).first()
            consents.filter(pk=pk).update(case=case)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0022_folders_of_practices'),
    ]

    operations = [
        migrations.AddField(
            model_name='consent',
            name='case',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='own_consents', to='cases.case'),
        ),
        migrations.RunPython(name_their_cases, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('evidence', 'link')), models.Q(models.Q(('evidence', 'link'), _negated=True), ('case__isnull', True)), _connector='OR'), name='consent_at_a_link_is_of_its_case'),
        ),
    ]
