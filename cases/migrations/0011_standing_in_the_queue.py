"""What a case says of itself in the queue is a column with an index, so that a filter of a few need not walk all who wait."""

from datetime import timedelta
from typing import ClassVar

from django.db import migrations, models
from django.db.models import Case, Q, Value, When

CHOICES = [("new", "New"), ("answer", "Answer back"), ("incomplete", "Pictures on their way")]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0010_notices_of_what_comes_back")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="case",
            name="standing",
            field=models.GeneratedField(
                expression=Case(
                    When(files_late__gt=0, then=Value("incomplete")),
                    When(asked_for__gt=timedelta(0), then=Value("answer")),
                    default=Value("new"),
                ),
                output_field=models.CharField(max_length=10, choices=CHOICES),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["practice", "queue", "standing", "due_at"],
                condition=Q(queue__isnull=False),
                name="case_queue_by_standing",
            ),
        ),
    ]
