"""Addresses of the clinical half, one list a workplace."""

from django.urls import include, path

from cases.views.pictures import original_urls, picture_urls

urlpatterns = [
    path("capture/", include("cases.views.capture.urls")),
    path("reading/", include("cases.views.reading.urls")),
    path("cases/", include("cases.views.record.urls")),
    path("patients/", include("cases.views.patients.urls")),
    path("pictures/", include(picture_urls)),
    path("originals/", include(original_urls)),
]
