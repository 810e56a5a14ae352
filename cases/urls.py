"""Addresses of the clinical half, one list a workplace."""

from django.urls import include, path

from cases.views import offline
from cases.views.after.urls import case_urls
from cases.views.pictures import original_urls, picture_urls
from cases.views.practice import devices, notices, programs, terms

urlpatterns = [
    path("people/reading/", terms.terms, name="reading-terms"),
    path("people/devices/", devices.devices, name="devices"),
    path("people/devices/recovery-key/", devices.recovery_key, name="recovery-key"),
    path("people/devices/<uuid:public_id>/", devices.device, name="kept-device"),
    path("people/devices/<uuid:public_id>/retire/", devices.retire, name="kept-device-retire"),
    path("people/devices/<uuid:public_id>/use-again/", devices.use_again, name="kept-device-use-again"),
    path("people/devices/<uuid:public_id>/wipe/", devices.wipe, name="kept-device-wipe"),
    path("people/programs/", programs.programs, name="imaging-programs"),
    path("people/programs/<uuid:public_id>/stop/", programs.stop, name="imaging-program-stop"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/mail/", notices.mail, name="notices-mail"),
    path("notices/<uuid:public_id>/", notices.open_notice, name="notice"),
    path("capture/", include("cases.views.capture.urls")),
    path("events/", include("cases.views.events.urls")),
    path("send/", include("cases.views.send.urls")),
    path("links/", include("cases.views.links.urls")),
    path("consult/", include("cases.views.consult.urls")),
    path("consultations/", include("cases.views.consultations.urls")),
    path("device/api/", include("cases.views.device.urls")),
    path("device/", offline.shell, name="device"),
    path("device/sw.js", offline.worker, name="shell-worker"),
    path("reading/", include("cases.views.reading.urls")),
    path("cases/", include("cases.views.record.urls")),
    path("cases/", include(case_urls)),
    path("follow-up/", include("cases.views.after.urls")),
    path("patients/", include("cases.views.patients.urls")),
    path("pictures/", include(picture_urls)),
    path("originals/", include(original_urls)),
]
