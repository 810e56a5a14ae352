"""Addresses for devices, under /device/api/."""

from django.urls import path

from cases.views.device import day, gathered, here

urlpatterns = [
    path("hello", here.hello, name="device-hello"),
    path("register", here.register, name="device-register"),
    path("wipes/<uuid:public_id>", here.wiped, name="device-wiped"),
    path("events", day.events, name="device-events"),
    path("day/<uuid:public_id>", day.day, name="device-day"),
    path("marks/<uuid:public_id>", day.mark, name="device-mark"),
    path("cases/<uuid:public_id>", gathered.case, name="device-case"),
    path("cases/<uuid:public_id>/finish", gathered.finish, name="device-finish"),
]
