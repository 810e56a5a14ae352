"""Addresses of a link, under /send/. The last one takes whatever stands there for a token, so that a guess looks like one."""

from django.urls import path

from cases.views.send import pages, uploading

urlpatterns = [
    path("", pages.where, name="send"),
    path("birth/", pages.birth, name="send-birth"),
    path("first/", pages.flags, name="send-flags"),
    path("call/", pages.call, name="send-call"),
    path("consent/", pages.consent, name="send-consent"),
    path("questions/", pages.questions, name="send-questions"),
    path("pictures/", pages.pictures, name="send-pictures"),
    path("pictures/<uuid:public_id>/away/", pages.away, name="send-away"),
    path("uploads/", uploading.uploads, name="send-uploads"),
    path("uploads/<uuid:public_id>/", uploading.upload, name="send-upload"),
    path("finish/", pages.finish, name="send-finish"),
    path("sent/", pages.sent, name="send-sent"),
    path("<str:token>/", pages.start, name="send-start"),
]
