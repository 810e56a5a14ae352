"""Addresses of the Claims workplace, under /claims/."""

from django.urls import path

from billing.appeal_urls import APPEALS
from billing.paper_urls import PAPER
from billing.views import acts, answers, claim, codes, elsewhere, exports, patients, settings, worklist

CLAIM, PATIENT, COVERAGE = (
    "claims/<uuid:public_id>/",
    "claims/patients/<uuid:public_id>/",
    "claims/coverage/<uuid:public_id>/",
)

urlpatterns = [
    path("claims/", worklist.claims, name="claims"),
    path(CLAIM, claim.claim, name="claim"),
    path(f"{CLAIM}check/", acts.check, name="claim-check"),
    path(f"{CLAIM}do-not-bill/", acts.end, name="claim-end"),
    path(f"{CLAIM}bill-after-all/", acts.resume, name="claim-resume"),
    path(f"{CLAIM}diagnoses/", acts.diagnoses, name="claim-diagnoses"),
    path(f"{CLAIM}marks/", acts.marks, name="claim-marks"),
    path(f"{CLAIM}name/", acts.name, name="claim-name"),
    path(f"{CLAIM}anew/", acts.anew, name="claim-anew"),
    path(f"{CLAIM}data-sheet/", exports.sheet, name="claim-sheet"),
    path("claims/exports/", exports.exports, name="exports"),
    path("claims/exports/<uuid:public_id>/", exports.export, name="export"),
    path("claims/exports/<uuid:public_id>/anew/", exports.anew, name="export-anew"),
    path("claims/exports/<uuid:public_id>/file/", exports.export_file, name="export-file"),
    *APPEALS,
    *PAPER,
    path("claims/answers/", answers.answers, name="answers"),
    path("claims/answers/uploads/", answers.uploads, name="answers-uploads"),
    path("claims/answers/uploads/<uuid:public_id>/", answers.upload, name="answers-upload"),
    path("claims/answers/files/<uuid:public_id>/", answers.edi_file, name="answers-file"),
    path("claims/remittances/<uuid:public_id>/", answers.remittance, name="remittance"),
    path("claims/payments/<uuid:public_id>/set-aside/", answers.aside, name="payment-aside"),
    path("claims/payments/<uuid:public_id>/post/<uuid:claim_id>/", answers.settle, name="payment-post"),
    path(PATIENT, patients.patient, name="claims-patient"),
    path(f"{PATIENT}card/", patients.card, name="claims-card"),
    path(f"{PATIENT}consent/", patients.consent, name="claims-consent"),
    path(f"{PATIENT}coverage/add/", patients.coverage_add, name="coverage-add"),
    path(f"{PATIENT}elsewhere/add/", elsewhere.add, name="elsewhere-add"),
    path("claims/elsewhere/<uuid:public_id>/error/", elsewhere.in_error, name="elsewhere-error"),
    path(COVERAGE, patients.coverage, name="coverage"),
    path(f"{COVERAGE}verify/", patients.verify, name="coverage-verify"),
    path("claims/payers/", settings.payers, name="payers"),
    path("claims/payers/add/", settings.payer_add, name="payer-add"),
    path("claims/payers/<uuid:public_id>/", settings.payer, name="payer"),
    path("claims/receivers/", settings.receivers, name="receivers"),
    path("claims/receivers/add/", settings.receiver_add, name="receiver-add"),
    path("claims/receivers/<uuid:public_id>/", settings.receiver, name="receiver"),
    path("claims/receivers/<uuid:public_id>/export/", exports.make, name="export-make"),
    path("claims/fees/", settings.fees, name="fees"),
    path("claims/fees/add/", settings.fee_add, name="fee-add"),
    path("claims/fees/<uuid:public_id>/", settings.fee, name="fee"),
    path("claims/codes/", codes.codes, name="codes"),
    path("claims/codes/confirm/", codes.confirm, name="codes-confirm"),
    path("claims/practice/", codes.practice, name="claims-practice"),
]
