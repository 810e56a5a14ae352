from django.urls import URLPattern, path

from cases.views.after import settings, worklist

urlpatterns: list[URLPattern] = [
    path("", worklist.worklist, name="follow-up"),
    path("close/", worklist.close_all, name="follow-up-close"),
    path("again/", worklist.again, name="follow-up-again"),
    path("plan/", settings.plan, name="follow-up-plan"),
]
