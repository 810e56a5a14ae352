from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0023_consents_of_one_case'),
    ]

    operations = [
        migrations.AddField(
            model_name='sendinglink',
            name='sender_authority',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='sendinglink',
            name='sender_name',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddConstraint(
            model_name='sendinglink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sender_authority', ''), ('sender_name', '')), models.Q(models.Q(('sender_name', ''), _negated=True), models.Q(('sender_authority', ''), _negated=True)), _connector='OR'), name='sending_link_sender_has_authority'),
        ),
    ]
