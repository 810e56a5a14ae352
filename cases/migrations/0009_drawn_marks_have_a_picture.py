"""A mark lies on a picture that has a size: a width of nothing could not place it."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0008_orders_merges_and_corrections")]

    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="annotation",
            constraint=models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0), name="annotation_picture_has_size"
            ),
        ),
    ]
