"""Clocks of the desk: deadlines on the claim, a payer's limits, snooze and assignment."""

import datetime
from zoneinfo import ZoneInfo

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from billing.clocks import Limits, Standing, due_of
from billing.states import Status

BATCH = 500
NO_SITE_YET = "UTC"


def draw(apps, schema_editor):
    """When each claim went out last and was answered, and its deadline by the rule as the product has it now."""
    claims, sites, exported = (
        apps.get_model(*name).objects.using(schema_editor.connection.alias)
        for name in (("billing", "Claim"), ("accounts", "Site"), ("billing", "ExportClaim"))
    )
    zones = {practice: ZoneInfo(zone) for practice, zone in sites.order_by("-id").values_list("practice", "time_zone")}
    done = exported.filter(claim=OuterRef("pk"), export__state="done").order_by("-export__finished_at")
    rows = claims.annotate(last_sent_at=Subquery(done.values("export__finished_at")[:1])).select_related("coverage__payer")
    last = 0
    while batch := list(rows.defer("facts", "draft", "problems").filter(pk__gt=last).order_by("pk")[:BATCH]):
        last = batch[-1].pk
        for claim in batch:
            _draw(claim, zones.get(claim.practice_id, ZoneInfo(NO_SITE_YET)))
        claims.bulk_update(batch, ["sent_on", "answered_on", "due_on", "due_kind", "desk"])


def _draw(claim, zone):
    def day(at):
        return at.astimezone(zone).date() if at else None

    claim.sent_on = day(claim.last_sent_at or claim.exported_at)
    claim.answered_on = day(claim.answered_at)
    standing = Standing(
        Status(claim.status), claim.service_date, claim.sent_on, claim.answered_on, day(claim.void_wanted_at)
    )
    payer = claim.coverage.payer if claim.coverage else None
    due = due_of(standing, Limits(filing=payer.filing_limit_days if payer else None))
    claim.due_on, claim.due_kind, claim.desk = due.on, due.kind or "", due.desk.value


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_password_tries'),
        ('billing', '0006_corrections_and_batches'),
        ('cases', '0011_standing_in_the_queue'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='claim',
            name='answered_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='desk',
            field=models.CharField(blank=True, choices=[('act', 'ACT'), ('wait', 'WAIT')], max_length=4),
        ),
        migrations.AddField(
            model_name='claim',
            name='due_kind',
            field=models.CharField(blank=True, choices=[('filing', 'filing'), ('correction', 'correction'), ('appeal', 'appeal'), ('answer', 'answer'), ('void', 'void')], default='filing', max_length=10),
        ),
        migrations.AddField(
            model_name='claim',
            name='due_on',
            field=models.DateField(blank=True, default=datetime.date(9999, 12, 31), null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='sent_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='claim',
            name='snoozed_because',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='claim',
            name='snoozed_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='payer',
            name='answer_expected_days',
            field=models.PositiveSmallIntegerField(default=30, verbose_name='Days until an answer is expected'),
        ),
        migrations.AddField(
            model_name='payer',
            name='appeal_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Days to appeal after the answer'),
        ),
        migrations.AddField(
            model_name='payer',
            name='correction_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='Days to correct a claim after the answer'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(fields=['practice', 'due_on', '-total', 'id'], name='claim_by_deadline'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(fields=['practice', 'due_kind', 'due_on', '-total', 'id'], name='claim_by_clock'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('assigned_to__isnull', False)), fields=['practice', 'assigned_to', 'due_on', '-total', 'id'], name='claim_by_person'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('snoozed_until__isnull', False)), fields=['practice', 'snoozed_until'], name='claim_put_off'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('desk__in', ['', 'act', 'wait'])), name='claim_desk_is_known'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('due_kind__in', ['', 'filing', 'correction', 'appeal', 'answer', 'void'])), name='claim_due_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('desk', ''), ('due_kind', ''), ('due_on__isnull', True)), models.Q(('due_on__isnull', False), models.Q(('due_kind', ''), _negated=True)), _connector='OR'), name='claim_due_with_its_clock'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('snoozed_because', ''), ('snoozed_until__isnull', True)), models.Q(('snoozed_until__isnull', False), models.Q(('snoozed_because', ''), _negated=True)), _connector='OR'), name='claim_snoozed_with_reason'),
        ),
        migrations.RunPython(draw, migrations.RunPython.noop),
    ]
