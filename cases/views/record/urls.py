from django.urls import URLPattern, path

from cases.views.record import acts, listing, page, report, seconds

urlpatterns: list[URLPattern] = [
    path("", listing.records, name="records"),
    path("<uuid:public_id>/", page.record, name="record"),
    path("<uuid:public_id>/addendum/", acts.addendum, name="record-addendum"),
    path("<uuid:public_id>/follow-up/", acts.follow_up, name="record-follow-up"),
    path("<uuid:public_id>/close/", acts.close, name="record-close"),
    path("<uuid:public_id>/retract/", acts.retract, name="record-retract"),
    path("<uuid:public_id>/second-read/", seconds.ask, name="record-second-read"),
    path("<uuid:public_id>/second-read/back/", seconds.take_back, name="record-second-read-back"),
    path("<uuid:public_id>/settle/", seconds.settle_difference, name="record-settle"),
    path("<uuid:public_id>/order/", acts.order, name="record-order"),
    path("orders/<uuid:public_id>/cancel/", acts.cancel, name="record-order-cancel"),
    path("<uuid:public_id>/consent/", acts.consent, name="record-consent"),
    path("<uuid:public_id>/report/<slug:audience>/", report.report, name="report"),
    path("<uuid:public_id>/report/<slug:audience>/print/", report.make, name="report-print"),
    path("<uuid:public_id>/report/<slug:audience>/pdf/", report.pdf, name="report-pdf"),
]
