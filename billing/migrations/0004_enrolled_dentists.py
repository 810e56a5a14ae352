from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0003_marks_on_pictures'),
    ]

    operations = [
        migrations.AddField(
            model_name='payer',
            name='enrolled_dentists',
            field=models.JSONField(blank=True, default=list, verbose_name='Dentists enrolled with this payer'),
        ),
    ]
