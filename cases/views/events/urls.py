"""Addresses of school days, under /events/."""

from django.urls import path

from cases.views.events import day, forms_out, indicators, listing, planning, returned, rosters, summary

EVENT, CHILD, ROSTER = "<uuid:public_id>/", "<uuid:public_id>/children/<uuid:child>/", "rosters/<uuid:public_id>/"
PAGE = "forms/pages/<uuid:public_id>/"

urlpatterns = [
    path("", listing.events, name="events"),
    path("add/", planning.add, name="event-add"),
    path("indicators/", indicators.indicators, name="indicators"),
    path("indicators.csv", indicators.as_csv, name="indicators-csv"),
    path("limits/", planning.limits, name="event-limits"),
    path("empty-roster.csv", rosters.empty, name="roster-empty"),
    path(EVENT, day.event, name="event"),
    path(f"{EVENT}forms/", forms_out.forms, name="event-forms"),
    path("forms/<uuid:public_id>/pdf/", forms_out.file, name="event-forms-pdf"),
    path(f"{EVENT}forms/returned/", returned.returned, name="event-returned"),
    path(f"{EVENT}forms/uploads/", returned.uploads, name="form-scan-uploads"),
    path("forms/scans/<uuid:public_id>/upload/", returned.upload, name="form-scan-upload"),
    path(PAGE, returned.page, name="event-returned-page"),
    path(f"{PAGE}file/", returned.file_under, name="event-returned-file"),
    path(f"{PAGE}enter/", returned.enter, name="event-returned-enter"),
    path(f"{PAGE}health/", returned.health, name="event-returned-health"),
    path(f"{PAGE}take-back/", returned.take_back, name="event-returned-take-back"),
    path(f"{PAGE}aside/", returned.aside, name="event-returned-aside"),
    path(f"{PAGE}take-up/", returned.take_up, name="event-returned-take-up"),
    path(f"{PAGE}picture/", returned.picture, name="event-returned-picture"),
    path(f"{EVENT}summary/", summary.summary, name="event-summary"),
    path(f"{EVENT}list.csv", summary.as_csv, name="event-csv"),
    path(f"{EVENT}edit/", planning.edit, name="event-edit"),
    path(f"{EVENT}cancel/", planning.cancel, name="event-cancel"),
    path(f"{EVENT}enrolled/", day.enrolled, name="event-enrolled"),
    path(f"{EVENT}last-year/", day.last_year, name="event-last-year"),
    path(f"{EVENT}uploads/", rosters.uploads, name="roster-uploads"),
    path(f"{CHILD}mark/", day.mark, name="event-mark"),
    path(f"{CHILD}remove/", day.remove, name="event-remove"),
    path(f"{CHILD}add/", day.put_on, name="event-put-on"),
    path(ROSTER, rosters.roster, name="roster"),
    path(f"{ROSTER}upload/", rosters.upload, name="roster-upload"),
    path(f"{ROSTER}who/", rosters.who, name="roster-who"),
    path(f"{ROSTER}take/", rosters.take, name="roster-take"),
]
