"""Lists for school nurses: made for named days, followed while they are printed, marked when a line may go out no more."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from cases.access_after import get_school_list, works_at
from cases.actions.schools import download_school_list, make_school_list, school_list_csv, stopped_lines
from cases.models import PrintState, SchoolList
from cases.practice_permissions import may_in_practice
from cases.views.after.letters import CHIPS
from cases.views.after.worklist import READERS
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.forms import DayInput, NameField
from teledent.accounts.models import Role, Site
from teledent.files.sending import Answer, send_blocks, send_content
from teledent.kit import clock
from teledent.kit.decisions import Refused

PER_PAGE = 20
MAKERS = (Role.HYGIENIST, Role.FRONT_DESK)


class SchoolListForm(forms.Form):
    widths: ClassVar = {"site": "half", "made_for": "half", "first_day": "half", "last_day": "half"}

    site = forms.ModelChoiceField(
        label="School", queryset=Site.objects.none(), to_field_name="public_id", empty_label="Choose a school"
    )
    made_for = NameField(label="For whom", max_length=120, help_text="The nurse’s name. It stands on every page.")
    first_day = forms.DateField(label="Seen from", widget=DayInput)
    last_day = forms.DateField(label="Seen until", widget=DayInput)

    def __init__(self, *args: Any, schools: list[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Site.objects.filter(pk__in=[site.pk for site in schools])
        self.fields["site"].queryset = mine  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*READERS)
def school_lists(request: ActingRequest) -> HttpResponse:
    """What was made, for whom, by whom; and the form that makes another."""
    actor = request.actor
    hers = [site for site in Site.objects.filter(practice=actor.practice) if works_at(actor, site)]
    schools = [site for site in hers if site.kind == Site.Kind.SCHOOL]
    form = SchoolListForm(request.POST or None, schools=schools)
    if request.method == "POST" and form.is_valid():
        try:
            made = make_school_list(actor=actor, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("school-list", made.public_id)
    rows = SchoolList.objects.filter(site__in=hers).select_related("site", "requested_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "rows": [(one, *CHIPS[PrintState(one.state)]) for one in page],
        "may_make": bool(may_in_practice(actor, "school_list")),
    }  # fmt: skip
    return render(request, "after/school_lists.html", context, status=422 if form.errors else 200)


@require_safe
@role_required(*READERS)
def school_list(request: ActingRequest, public_id: UUID) -> HttpResponse:
    made, at = get_school_list(request.actor, public_id), clock.now()
    stopped = stopped_lines(made, day=clock.local_date(at, made.site.time_zone))
    context = {
        "made": made, "making": made.state == PrintState.QUEUED, "zone": made.site.time_zone, "stopped": len(stopped),
        "lines": [(line, stopped.get(line.number, "")) for line in made.lines.select_related("case")],
        "may_make": bool(may_in_practice(request.actor, "school_list")),
    }  # fmt: skip
    return render(request, "after/school_list.html", context)


@require_safe
@role_required(*MAKERS)
def pdf(request: ActingRequest, public_id: UUID) -> Answer:
    made = get_school_list(request.actor, public_id)
    blocks = download_school_list(actor=request.actor, made=made, at=clock.now())
    size, name = made.file.size if made.file else 0, f"{made.file_stem}.pdf"
    return send_blocks(request, blocks, size=size, media_type="application/pdf", name=name, what="The list")


@require_safe
@role_required(*MAKERS)
def sheet(request: ActingRequest, public_id: UUID) -> Answer:
    made = get_school_list(request.actor, public_id)
    content = school_list_csv(actor=request.actor, made=made, at=clock.now())
    return send_content(content, media_type="text/csv; charset=utf-8", name=f"{made.file_stem}.csv")
