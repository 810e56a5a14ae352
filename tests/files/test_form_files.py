from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def read_the_form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.POST))


urlpatterns = [path("form", read_the_form)]


@override_settings(ROOT_URLCONF="tests.files.test_form_files", MIDDLEWARE=[])
def test_a_file_inside_a_form_is_refused_before_it_is_written():
    answer = Client().post("/form", {"photo": SimpleUploadedFile("a.jpg", b"x" * 100)})
    assert answer.status_code == 400
