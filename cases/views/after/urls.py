from django.urls import URLPattern, path

from cases.views.after import languages, letters, referrals, schools, settings, worklist

urlpatterns: list[URLPattern] = [
    path("", worklist.worklist, name="follow-up"),
    path("close/", worklist.close_all, name="follow-up-close"),
    path("again/", worklist.again, name="follow-up-again"),
    path("plan/", settings.plan, name="follow-up-plan"),
    path("letters/", letters.letters, name="letters"),
    path("letters/print/", letters.print_of_day, name="letters-print"),
    path("letters/<uuid:public_id>/", letters.run, name="letter-run"),
    path("letters/<uuid:public_id>/pdf/", letters.file, name="letter-run-file"),
    path("letters/<uuid:public_id>/went-out/", letters.handed, name="letter-run-handed"),
    path("languages/", languages.languages, name="letter-languages"),
    path("languages/add/", languages.language_add, name="letter-language-add"),
    path("languages/<slug:code>/", languages.language, name="letter-language"),
    path("languages/<slug:code>/drop/", languages.language_drop, name="letter-language-drop"),
    path("schools/", schools.school_lists, name="school-lists"),
    path("schools/<uuid:public_id>/", schools.school_list, name="school-list"),
    path("schools/<uuid:public_id>/pdf/", schools.pdf, name="school-list-pdf"),
    path("schools/<uuid:public_id>/csv/", schools.sheet, name="school-list-csv"),
    path("places/", referrals.places, name="referral-places"),
    path("places/add/", referrals.place_add, name="referral-place-add"),
    path("places/<uuid:public_id>/", referrals.place, name="referral-place"),
    path("referrals/<uuid:public_id>/", referrals.referral, name="referral"),
    path("referrals/<uuid:public_id>/zip/", referrals.file, name="referral-file"),
    path("referrals/<uuid:public_id>/sent/", referrals.sent, name="referral-sent"),
]

# of one case, under the address of its record
case_urls: list[URLPattern] = [
    path("<uuid:public_id>/letter/", letters.print_one, name="record-letter"),
    path("<uuid:public_id>/refer/", referrals.refer_case, name="record-refer"),
]
