"""What the practice promises, for the manager to set."""

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from cases.actions.following import plan_of, save_follow_up_plan
from cases.models import FollowUpPlan
from teledent.accounts.acting import ActingRequest, role_required
from teledent.accounts.models import Role
from teledent.kit import clock

FORM_METHODS = ["GET", "HEAD", "POST"]
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class PlanForm(forms.ModelForm):  # type: ignore[type-arg]
    widths: ClassVar = dict.fromkeys(
        ("urgent_hours", "other_weeks", "most_tries", "again", "school_year_starts"), "half"
    )

    school_year_starts = forms.TypedChoiceField(
        label="School year begins in", coerce=int, choices=list(enumerate(MONTHS, start=1))
    )

    class Meta:
        model = FollowUpPlan
        fields: ClassVar = ["urgent_hours", "other_weeks", "most_tries", "again", "school_year_starts"]
        help_texts: ClassVar = {
            "urgent_hours": "Emergencies too. The worklist counts from the signature.",
            "other_weeks": "The dentist's own day counts where it is earlier.",
            "most_tries": "Counted since the family was last reached.",
        }


@require_http_methods(FORM_METHODS)
@role_required(Role.MANAGER)
def plan(request: ActingRequest) -> HttpResponse:
    form = PlanForm(request.POST or None, instance=plan_of(request.actor))
    if request.method == "POST" and form.is_valid():
        save_follow_up_plan(actor=request.actor, plan=form.instance, at=clock.now())
        messages.success(request, "Saved. Open follow-ups are worked out anew in the background.")
        return redirect("follow-up")
    context = {"form": form, "title": "What we promise", "back": "follow-up", "action": "Save"}
    return render(request, "after/edit.html", context, status=422 if form.errors else 200)
