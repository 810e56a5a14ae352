"""Addresses of sign-in and of people and places."""

from django.urls import path

from teledent.accounts.views import people, places, sign_in

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign-out"),
    path("act-for/", sign_in.act_for, name="act-for"),
    path("password/", sign_in.ChangePassword.as_view(), name="password-change"),
    path("password/link/", sign_in.ask_for_link, name="password-link"),
    path("password/link/sent/", sign_in.link_sent, name="password-link-sent"),
    path("password/<uidb64>/<token>/", sign_in.SetPassword.as_view(), name="password-set"),
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person-add"),
    path("people/practice/", places.practice, name="practice"),
    path("people/sites/", places.sites, name="sites"),
    path("people/sites/add/", places.site_add, name="site-add"),
    path("people/sites/<uuid:public_id>/", places.site, name="site"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/details/", people.person_details, name="person-details"),
    path("people/<uuid:public_id>/roles/", people.role_add, name="role-add"),
    path("people/<uuid:public_id>/roles/<int:number>/end/", people.role_end, name="role-end"),
    path("people/<uuid:public_id>/credential/", people.credential, name="credential"),
    path("people/<uuid:public_id>/licences/add/", people.licence_add, name="licence-add"),
    path("people/<uuid:public_id>/licences/<int:number>/", people.licence, name="licence"),
    path("people/<uuid:public_id>/link/", people.person_link, name="person-link"),
    path("people/<uuid:public_id>/close/", people.person_close, name="person-close"),
]
