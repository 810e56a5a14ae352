"""Who asked for a second read is told that it is signed; a retraction is told to the site as well as to the dentist."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

ABOUT = [
    ("urgent", "An urgent case was submitted"),
    ("unopened", "An emergency is not opened"),
    ("answered", "The site answered your question"),
    ("asked", "A dentist asks your site for more"),
    ("soon", "A case is due soon"),
    ("overdue", "A case is overdue"),
    ("raised", "A dentist sees a case as more urgent"),
    ("handed", "A case was handed over to you"),
    ("retracted", "A signed review was retracted"),
    ("second", "You are asked for a second read"),
    ("differs", "A second read differs from yours"),
    ("opinion", "A second read that you asked for is signed"),
    ("settled", "A difference with your second read was settled"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0009_drawn_marks_have_a_picture")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="notice", name="notice_about_is_known"),
        migrations.AlterField(
            model_name="mailchoice", name="about", field=models.CharField(choices=ABOUT, max_length=10)
        ),
        migrations.AlterField(model_name="notice", name="about", field=models.CharField(choices=ABOUT, max_length=10)),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=Q(about__in=[about for about, _ in ABOUT]), name="notice_about_is_known"
            ),
        ),
    ]
