"""What was verified of a plan becomes rows that stay, and a payer says for how long one holds."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

# by which words of the old field the way of asking is known; the words themselves stay in the note
WAYS = (("phone", ("phone", "call")), ("portal", ("portal", "site", "web", "online")), ("card", ("card",)), ("file", ("file", "270")))


def keep_as_rows(apps, schema_editor):
    """One row for each coverage that was verified. It was recorded now: the field did not say when it was written."""
    rows = apps.get_model("billing", "Verification").objects
    at = timezone.now()
    verified = apps.get_model("billing", "Coverage").objects.filter(verified_on__isnull=False).select_related("payer")
    rows.bulk_create(
        (
            rows.model(
                coverage=one, payer=one.payer, payer_name=one.payer.name, member_id=one.member_id, verified_on=one.verified_on,
                how=way_of(one.verified_how), note=one.verified_how, recorded_at=at, recorded_by_id=one.verified_by_id,
            )
            for one in verified.order_by("pk").iterator(chunk_size=500)
        ),
        batch_size=500,
    )  # fmt: skip


def way_of(words):
    said = words.casefold()
    return next((way for way, marks in WAYS if any(mark in said for mark in marks)), "other")


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0008_appeals_paper_and_meanings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="payer",
            name="verify_every_days",
            field=models.PositiveSmallIntegerField(
                "Days for which a verification holds",
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
            ),
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("payer_name", models.CharField(max_length=60)),
                ("member_id", models.CharField(max_length=80)),
                ("verified_on", models.DateField(verbose_name="When")),
                ("how", models.CharField(choices=[("phone", "By phone"), ("portal", "On the payer's site"), ("card", "From the card"), ("file", "From a file of the payer"), ("other", "In another way")], max_length=6, verbose_name="How")),
                ("asynchronous", models.CharField(choices=[("covered", "Covered"), ("not_covered", "Not covered"), ("inclusive", "Included in the evaluation"), ("unknown", "Not known")], default="unknown", max_length=11, verbose_name="Asynchronous teledentistry")),
                ("authorisation", models.CharField(choices=[("needed", "Needed"), ("not_needed", "Not needed"), ("unknown", "Not known")], default="unknown", max_length=10, verbose_name="Prior authorisation")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="Reference number")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="What else was learned")),
                ("recorded_at", models.DateTimeField()),
                ("coverage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="verifications", to="billing.coverage")),
                ("payer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.payer")),
                ("recorded_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["verified_on", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("how__in", ["phone", "portal", "card", "file", "other"])), name="verification_how_is_known"),
                    models.CheckConstraint(condition=models.Q(("asynchronous__in", ["covered", "not_covered", "inclusive", "unknown"])), name="verification_says_is_known"),
                    models.CheckConstraint(condition=models.Q(("authorisation__in", ["needed", "not_needed", "unknown"])), name="verification_wanted_is_known"),
                    models.CheckConstraint(condition=models.Q(("member_id", ""), _negated=True), name="verification_names_a_member"),
                ],
            },
        ),
        migrations.RunPython(keep_as_rows, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="coverage", name="coverage_verified_when_how_and_by_whom"),
        migrations.RemoveField(model_name="coverage", name="verified_by"),
        migrations.RemoveField(model_name="coverage", name="verified_how"),
        migrations.RemoveField(model_name="coverage", name="verified_on"),
    ]
