from django.urls import path

from glidepath.care.instruments.views import links, overview, setup, staff, tablet

app_name = "instruments"

urlpatterns = [
    path("people/<uuid:person>/forms/", staff.forms, name="forms"),
    path("people/<uuid:person>/forms/trends/", overview.trends, name="trends"),
    path("people/<uuid:person>/forms/ask/", overview.ask, name="ask"),
    path("people/<uuid:person>/forms/<uuid:form>/", staff.form, name="form"),
    path("people/<uuid:person>/forms/<uuid:form>/answer/", staff.answer, name="answer"),
    path("people/<uuid:person>/forms/<uuid:form>/result/", staff.result, name="result"),
    path("people/<uuid:person>/forms/<uuid:form>/result.json", staff.result_as_fhir, name="result_as_fhir"),
    path("people/<uuid:person>/forms/<uuid:form>/aside/", staff.aside, name="aside"),
    path("people/<uuid:person>/forms/<uuid:form>/reviewed/", staff.reviewed, name="reviewed"),
    path("people/<uuid:person>/forms/<uuid:form>/link/", links.make, name="link"),
    path("people/<uuid:person>/forms/<uuid:form>/link/withdraw/", links.withdraw, name="withdraw_link"),
    path("people/<uuid:person>/forms/<uuid:form>/tablet/", tablet.hand_out, name="hand_out"),
    path("forms/", overview.waiting, name="waiting"),
    path("settings/instruments/", setup.instruments, name="setup"),
    path("settings/instruments/<slug:key>.json", setup.questionnaire_of, name="questionnaire"),
    path("settings/instruments/words/", setup.pack, name="pack"),
    path("settings/instruments/words/<slug:key>/off/", setup.pack_off, name="pack_off"),
    path("settings/instruments/own/", setup.own, name="own"),
    path("tablet/", tablet.form, name="tablet"),
    path("tablet/answer/", tablet.answer, name="tablet_answer"),
    path("tablet/back/", tablet.back, name="tablet_back"),
    path("f/<str:token>/", links.door, name="door"),
    path("f/<str:token>/form/", links.form, name="by_link"),
    path("f/<str:token>/answer/", links.answer, name="link_answer"),
    path("f/<str:token>/done/", links.done, name="link_done"),
]
