"""Addresses of Capture, under /capture/."""

from django.urls import path

from cases.views.capture import (
    case,
    consent,
    correcting,
    day,
    deciding,
    files,
    findings,
    indicators,
    orders,
    patient,
    questions,
    slate,
    submit,
    tray,
    uploading,
)

CASE, FILE, PATIENT = "cases/<uuid:public_id>/", "files/<uuid:public_id>/", "patients/<uuid:public_id>/"
ORDER = "orders/<uuid:public_id>/"

urlpatterns = [
    path("", day.day, name="capture-day"),
    path("tray/", tray.tray, name="capture-tray"),
    path("orders/", orders.orders, name="capture-orders"),
    path(ORDER, orders.start, name="capture-order-start"),
    path(f"{ORDER}refuse/", orders.refuse, name="capture-order-refuse"),
    path(f"{ORDER}done/", orders.done, name="capture-order-done"),
    path(f"{ORDER}back/", orders.back, name="capture-order-back"),
    path("patients/add/", patient.patient_add, name="capture-patient-add"),
    path(PATIENT, patient.patient, name="capture-patient"),
    path(f"{PATIENT}edit/", patient.patient_edit, name="capture-patient-edit"),
    path(f"{PATIENT}open/", patient.open_for, name="capture-open"),
    path(f"{PATIENT}consent/", consent.consent, name="capture-consent"),
    path(f"{PATIENT}consent/withdraw/", consent.withdraw, name="capture-consent-withdraw"),
    path(CASE, case.case, name="capture-case"),
    path(f"{CASE}save/<slug:section>/", case.save, name="capture-save"),
    path(f"{CASE}marks/", findings.mark, name="capture-mark"),
    path(f"{CASE}marks/<int:number>/remove/", findings.unmark, name="capture-unmark"),
    path(f"{CASE}indicators/<slug:key>/", indicators.say, name="capture-indicator"),
    path(f"{CASE}indicators/<slug:key>/back/", indicators.take_back, name="capture-indicator-back"),
    path(f"{CASE}services/", findings.add_service, name="capture-service"),
    path(f"{CASE}services/<int:number>/remove/", findings.remove_service, name="capture-service-remove"),
    path(f"{CASE}order/", files.order, name="capture-order"),
    path(f"{CASE}questions/<int:number>/", questions.answer, name="capture-answer"),
    path(f"{CASE}correct/", correcting.correct, name="capture-correct"),
    path(f"{CASE}submit/", submit.submit, name="capture-submit"),
    path(f"{CASE}slate/", slate.slate, name="capture-slate"),
    path(f"{CASE}withdraw/", submit.withdraw, name="capture-withdraw"),
    path("uploads/", uploading.uploads, name="capture-uploads"),
    path("uploads/<uuid:public_id>/", uploading.upload, name="capture-upload"),
    path(FILE, files.file, name="capture-file"),
    path(f"{FILE}label/", files.label, name="capture-file-label"),
    path(f"{FILE}accept/", deciding.accept, name="capture-file-accept"),
    path(f"{FILE}move/", deciding.move, name="capture-file-move"),
    path(f"{FILE}strike/", deciding.strike, name="capture-file-strike"),
    path(f"{FILE}retry/", deciding.retry, name="capture-file-retry"),
]
