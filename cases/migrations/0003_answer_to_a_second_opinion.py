from datetime import date

from django.db import migrations, models


def retire_heading(apps, schema_editor):
    """K08.53 is the heading of three codes, not a code: no day is left on which it may be chosen."""
    rows = apps.get_model("cases", "DiagnosisCode").objects.using(schema_editor.connection.alias).filter(code="K08.53")
    rows.update(valid_until=date(2025, 9, 30))


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_report'),
    ]

    operations = [
        migrations.AddField(
            model_name='review',
            name='answer',
            field=models.TextField(blank=True, verbose_name='Answer to the question'),
        ),
        migrations.RunPython(retire_heading, migrations.RunPython.noop),
    ]
