"""Addresses of the list before a school day, under /claims/school-days/."""

from django.urls import path

from billing.views import school_days, sheets

SCHOOL_DAYS = [
    path("claims/school-days/", school_days.school_day, name="school-day"),
    path("claims/school-days/list.<str:form>", school_days.as_file, name="school-day-file"),
    path("claims/school-days/plans/<uuid:public_id>/verify/", school_days.verify, name="school-day-verify"),
    path("claims/school-days/uploads/", sheets.uploads, name="sheet-uploads"),
    path("claims/school-days/uploads/<uuid:public_id>/", sheets.upload, name="sheet-upload"),
    path("claims/school-days/sheets/", sheets.sheets, name="sheets"),
    path("claims/school-days/sheets/<uuid:public_id>/", sheets.sheet, name="sheet"),
    path("claims/school-days/sheets/<uuid:public_id>/record/", sheets.record, name="sheet-record"),
]
