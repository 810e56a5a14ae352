import datetime
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce


ON_ITS_WAY = ["declared", "received", "refused", "failed"]


def count_files(apps, schema_editor):
    """What `cases.counting` keeps from now on."""
    alias = schema_editor.connection.alias
    case, asset = apps.get_model("cases", "Case").objects.using(alias), apps.get_model("cases", "Asset")
    files = asset.objects.filter(case=OuterRef("pk")).order_by().values("case").annotate(n=Count("pk")).values("n")
    case.update(
        files_declared=Coalesce(Subquery(files.exclude(state="struck")), 0),
        files_late=Coalesce(Subquery(files.filter(state__in=ON_ITS_WAY)), 0),
    )


def find_questions(apps, schema_editor):
    """Since when an open question is with the site, how long earlier ones were, and who asked what came back."""
    alias = schema_editor.connection.alias
    cases, submissions = apps.get_model("cases", "Case"), apps.get_model("cases", "Submission")
    for asked in apps.get_model("cases", "InfoRequest").objects.using(alias).order_by("at", "pk").iterator():
        case = cases.objects.using(alias).get(pk=asked.case_id)
        back = submissions.objects.using(alias).filter(case=case, at__gte=asked.at).order_by("at").first()
        if back is not None:
            case.asked_for += back.at - asked.at
            case.offered_to_id, case.asked_at = asked.person_id, None
        elif case.status == "needs_info":
            case.asked_at = asked.at
        case.save(update_fields=["asked_for", "asked_at", "offered_to"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_password_tries'),
        ('cases', '0005_drawn_marks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MailChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(choices=[('urgent', 'An urgent case was submitted'), ('unopened', 'An emergency is not opened'), ('answered', 'The site answered your question'), ('asked', 'A dentist asks your site for more'), ('soon', 'A case is due soon'), ('overdue', 'A case is overdue'), ('raised', 'A dentist sees a case as more urgent'), ('handed', 'A case was handed over to you'), ('retracted', 'A review that you signed was retracted'), ('second', 'You are asked for a second read'), ('differs', 'A second read differs from yours'), ('settled', 'A difference with your second read was settled')], max_length=10)),
                ('by_mail', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('about', models.CharField(choices=[('urgent', 'An urgent case was submitted'), ('unopened', 'An emergency is not opened'), ('answered', 'The site answered your question'), ('asked', 'A dentist asks your site for more'), ('soon', 'A case is due soon'), ('overdue', 'A case is overdue'), ('raised', 'A dentist sees a case as more urgent'), ('handed', 'A case was handed over to you'), ('retracted', 'A review that you signed was retracted'), ('second', 'You are asked for a second read'), ('differs', 'A second read differs from yours'), ('settled', 'A difference with your second read was settled')], max_length=10)),
                ('key', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReadingHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField()),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
            ],
            options={
                'ordering': ['weekday'],
            },
        ),
        migrations.CreateModel(
            name='ReadingTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('time_zone', models.CharField(max_length=64, verbose_name='Time zone of the reading hours')),
                ('answer_first_hours', models.PositiveSmallIntegerField(default=24, validators=[django.core.validators.MaxValueValidator(336)], verbose_name='Hours that an answered case is kept for the dentist who asked')),
            ],
        ),
        migrations.CreateModel(
            name='SecondRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('asked_at', models.DateTimeField()),
                ('question', models.CharField(max_length=300, verbose_name='What is to be looked at')),
                ('version', models.PositiveIntegerField(default=0)),
                ('saved_at', models.DateTimeField(blank=True, null=True)),
                ('evaluation', models.TextField(blank=True, verbose_name='What was looked at')),
                ('conclusions', models.TextField(blank=True, verbose_name='Conclusions')),
                ('advice', models.TextField(blank=True, verbose_name='Advice')),
                ('limits', models.TextField(blank=True, verbose_name='What could not be judged')),
                ('urgency', models.CharField(blank=True, choices=[('emergency', 'Emergency'), ('urgent', 'Urgent'), ('early', 'Early'), ('routine', 'Routine')], max_length=10, verbose_name='Urgency in your view')),
                ('sufficiency', models.CharField(blank=True, choices=[('screening', 'Enough for a screening'), ('limited', 'Enough for a limited evaluation'), ('comprehensive', 'Enough for a comprehensive evaluation'), ('not_assessable', 'Cannot be assessed from these records')], max_length=20, verbose_name='These records are')),
                ('outcome', models.CharField(blank=True, choices=[('recall', 'Look again at the next regular date'), ('in_person', 'See a dentist in person'), ('refer', 'Refer to a specialist'), ('emergency', 'Emergency care now')], max_length=20)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('person_name', models.CharField(blank=True, max_length=120)),
                ('licence', models.CharField(blank=True, max_length=40)),
                ('content', models.JSONField(default=dict)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('differs_at', models.DateTimeField(blank=True, null=True)),
                ('differs_in', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['asked_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('person_name', models.CharField(max_length=120)),
                ('by_addendum', models.BooleanField()),
                ('text', models.TextField()),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('screening', 'Screening'), ('emergency', 'Emergency'), ('second_opinion', 'Second opinion'), ('post_treatment', 'Post-treatment check'), ('treatment_visit', 'Treatment visit')], max_length=20)),
                ('urgency', models.CharField(choices=[('emergency', 'Emergency'), ('urgent', 'Urgent'), ('early', 'Early'), ('routine', 'Routine')], max_length=10)),
                ('minutes', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(15), django.core.validators.MaxValueValidator(129600)])),
            ],
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_waiting',
        ),
        migrations.AddField(
            model_name='case',
            name='asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='asked_for',
            field=models.DurationField(default=datetime.timedelta),
        ),
        migrations.AddField(
            model_name='case',
            name='escalated',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='files_declared',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='files_late',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='case',
            name='offered_to',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='case',
            name='offered_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='soon_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='told_due',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='case',
            name='reader',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mailchoice',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mail_choices', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notice',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='cases.case'),
        ),
        migrations.AddField(
            model_name='notice',
            name='person',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notice',
            name='practice',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.practice'),
        ),
        migrations.AddField(
            model_name='readinghours',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reading_hours', to='accounts.practice'),
        ),
        migrations.AddField(
            model_name='readingterms',
            name='practice',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reading_terms', to='accounts.practice'),
        ),
        migrations.AddField(
            model_name='secondread',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='secondread',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='second_reads', to='cases.case'),
        ),
        migrations.AddField(
            model_name='secondread',
            name='reader',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='secondread',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.submission'),
        ),
        migrations.AddField(
            model_name='settlement',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='settlement',
            name='second_read',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='settlement', to='cases.secondread'),
        ),
        migrations.AddField(
            model_name='target',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='accounts.practice'),
        ),
        migrations.AddField(
            model_name='case',
            name='queue',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('status__in', ['submitted', 'in_review'])), then=models.Value('waiting')), models.When(status='needs_info', then=models.Value('asked')), default=None), output_field=models.CharField(choices=[('waiting', 'Waiting'), ('asked', 'Asked for more')], max_length=8, null=True)),
        ),
        migrations.AddField(
            model_name='case',
            name='ready_state',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(('status__in', ['submitted', 'in_review']), models.Q(('files_late', 0), ('urgency__in', ['emergency', 'urgent']), _connector='OR')), then=models.F('patient_state')), default=None), output_field=models.CharField(max_length=2, null=True)),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('queue__isnull', False)), fields=['practice', 'queue', 'due_at', 'id'], name='case_queue'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('queue__isnull', False)), fields=['practice', 'queue', 'urgency', 'due_at'], name='case_queue_by_urgency'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('queue__isnull', False)), fields=['practice', 'queue', 'kind', 'due_at'], name='case_queue_by_kind'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('queue__isnull', False)), fields=['site', 'queue', 'due_at'], name='case_queue_by_site'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('queue__isnull', False)), fields=['reader', 'queue', 'lease_until'], name='case_held'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('queue__isnull', False)), fields=['queue', 'told_due', 'soon_at'], name='case_due_soon'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('queue__isnull', False)), fields=['queue', 'told_due', 'due_at'], name='case_overdue'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('queue__isnull', False)), fields=['queue', 'urgency', 'escalated', 'due_at'], name='case_to_escalate'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('ready_state__isnull', False)), fields=['practice', 'ready_state', 'due_at', 'id'], name='case_ready'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('offered_to__isnull', False)), fields=['offered_to', 'queue', 'due_at'], name='case_offered'),
        ),
        migrations.AddConstraint(
            model_name='mailchoice',
            constraint=models.UniqueConstraint(fields=('person', 'about'), name='mail_choice_once'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['person', 'practice', 'at'], name='notice_of_person'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['person', 'practice'], name='notice_unread'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('person', 'key'), name='notice_once_by_person_and_thing'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('about__in', ['urgent', 'unopened', 'answered', 'asked', 'soon', 'overdue', 'raised', 'handed', 'retracted', 'second', 'differs', 'settled'])), name='notice_about_is_known'),
        ),
        migrations.AddConstraint(
            model_name='readinghours',
            constraint=models.UniqueConstraint(fields=('practice', 'weekday'), name='reading_hours_once_a_weekday'),
        ),
        migrations.AddConstraint(
            model_name='readinghours',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='reading_hours_on_a_weekday'),
        ),
        migrations.AddConstraint(
            model_name='readinghours',
            constraint=models.CheckConstraint(condition=models.Q(('closes__gt', models.F('opens'))), name='reading_hours_close_after_opening'),
        ),
        migrations.AddIndex(
            model_name='secondread',
            index=models.Index(condition=models.Q(('signed_at__isnull', True)), fields=['reader'], name='second_read_open'),
        ),
        migrations.AddIndex(
            model_name='secondread',
            index=models.Index(condition=models.Q(('differs_at__isnull', False)), fields=['case'], name='second_read_differs'),
        ),
        migrations.AddConstraint(
            model_name='secondread',
            constraint=models.UniqueConstraint(fields=('case', 'reader'), name='second_read_once_by_reader'),
        ),
        migrations.AddConstraint(
            model_name='secondread',
            constraint=models.CheckConstraint(condition=models.Q(('signed_at__isnull', True), models.Q(('digest', ''), _negated=True), _connector='OR'), name='second_read_signed_has_digest'),
        ),
        migrations.AddConstraint(
            model_name='secondread',
            constraint=models.CheckConstraint(condition=models.Q(('differs_at__isnull', True), ('signed_at__isnull', False), _connector='OR'), name='second_read_differs_when_signed'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.UniqueConstraint(fields=('practice', 'kind', 'urgency'), name='target_once'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 15), ('minutes__lte', 129600)), name='target_between_15_min_and_90_days'),
        ),
        migrations.RunPython(count_files, migrations.RunPython.noop),
        migrations.RunPython(find_questions, migrations.RunPython.noop),
    ]
