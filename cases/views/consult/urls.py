"""Addresses of another office's link, under /consult/. The last one takes whatever stands there for a token."""

from django.urls import path

from cases.views.consult import pages, uploading

urlpatterns = [
    path("", pages.where, name="consult"),
    path("question/", pages.question, name="consult-question"),
    path("files/", pages.files, name="consult-files"),
    path("files/<uuid:public_id>/away/", pages.away, name="consult-away"),
    path("uploads/", uploading.uploads, name="consult-uploads"),
    path("uploads/<uuid:public_id>/", uploading.upload, name="consult-upload"),
    path("finish/", pages.finish, name="consult-finish"),
    path("birth/", pages.birth, name="consult-birth"),
    path("answer/", pages.answer, name="consult-answer"),
    path("answer.pdf", pages.pdf, name="consult-pdf"),
    path("<str:token>/", pages.start, name="consult-start"),
]
