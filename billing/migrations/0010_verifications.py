"""What was verified of a plan becomes rows that stay, and a payer says for how long one holds."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.utils import timezone

# by which words of the old field the way of asking is known; the words themselves stay in the note
WAYS = (("phone", ("phone", "call")), ("portal", ("portal", "site", "web", "online")), ("card", ("card",)), ("file", ("file", "270")))


def keep_as_rows(apps, schema_editor):
    """One row for each coverage that was verified. It was recorded now: the field did not say when it was written."""
    rows, coverages = (
        apps.get_model("billing", name).objects.using(schema_editor.connection.alias)
        for name in ("Verification", "Coverage")
    )
    at = timezone.now()
    verified = coverages.filter(verified_on__isnull=False).select_related("payer")
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


def newest_into_fields(apps, schema_editor):
    """The way back: a coverage has room for one."""
    rows, coverages = (
        apps.get_model("billing", name).objects.using(schema_editor.connection.alias)
        for name in ("Verification", "Coverage")
    )
    stands = rows.filter(error_at__isnull=True, payer=F("coverage__payer"), member_id=F("coverage__member_id"))
    for row in stands.order_by("verified_on", "pk").iterator():
        said = {"verified_on": row.verified_on, "verified_how": (row.note or row.how)[:60], "verified_by": row.recorded_by_id}
        coverages.filter(pk=row.coverage_id).update(**said)


def way_of(words):
    said = words.casefold()
    return next((way for way, marks in WAYS if any(mark in said for mark in marks)), "other")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_password_tries"),
        ("billing", "0009_payer_rules"),
        ("files", "0001_initial"),
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
                ("error_at", models.DateTimeField(blank=True, null=True)),
                ("error_reason", models.CharField(blank=True, max_length=200)),
                ("coverage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="verifications", to="billing.coverage")),
                ("payer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.payer")),
                ("recorded_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("error_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["verified_on", "pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("how__in", ["phone", "portal", "card", "file", "other"])), name="verification_how_is_known"),
                    models.CheckConstraint(condition=models.Q(("asynchronous__in", ["covered", "not_covered", "inclusive", "unknown"])), name="verification_says_is_known"),
                    models.CheckConstraint(condition=models.Q(("authorisation__in", ["needed", "not_needed", "unknown"])), name="verification_wanted_is_known"),
                    models.CheckConstraint(condition=models.Q(("member_id", ""), _negated=True), name="verification_names_a_member"),
                    models.CheckConstraint(condition=models.Q(models.Q(("error_at__isnull", True), ("error_by__isnull", True), ("error_reason", "")), models.Q(("error_at__isnull", False), ("error_by__isnull", False), models.Q(("error_reason", ""), _negated=True)), _connector="OR"), name="verification_error_when_by_whom_and_why"),
                ],
            },
        ),
        migrations.RunPython(keep_as_rows, newest_into_fields),
        migrations.RemoveConstraint(model_name="coverage", name="coverage_verified_when_how_and_by_whom"),
        migrations.RemoveField(model_name="coverage", name="verified_by"),
        migrations.RemoveField(model_name="coverage", name="verified_how"),
        migrations.RemoveField(model_name="coverage", name="verified_on"),
        migrations.CreateModel(
            name='CoverageSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('day', models.DateField()),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveBigIntegerField()),
                ('state', models.CharField(choices=[('announced', 'On its way here'), ('queued', 'Being read'), ('readable', 'To be looked at'), ('refused', 'Could not be read'), ('recorded', 'Recorded')], default='announced', max_length=9)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('rows', models.JSONField(default=list)),
                ('ignored', models.JSONField(default=list)),
                ('received_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField(blank=True, null=True)),
                ('recorded', models.PositiveIntegerField(default=0)),
                ('file', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('practice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.practice')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.site')),
            ],
            options={
                'ordering': ['-received_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['announced', 'queued', 'readable', 'refused', 'recorded'])), name='coverage_sheet_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('file__isnull', True), ('state', 'announced')), models.Q(models.Q(('state', 'announced'), _negated=True), ('file__isnull', False)), _connector='OR'), name='coverage_sheet_arrived_has_bytes'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'refused'), _negated=True), ('reason', '')), _connector='OR'), name='coverage_sheet_refused_has_reason'), models.CheckConstraint(condition=models.Q(models.Q(('recorded_at__isnull', False), ('recorded_by__isnull', False), ('state', 'recorded')), models.Q(models.Q(('state', 'recorded'), _negated=True), ('recorded', 0), ('recorded_at__isnull', True), ('recorded_by__isnull', True)), _connector='OR'), name='coverage_sheet_recorded_when_and_by_whom')],
            },
        ),
    ]
