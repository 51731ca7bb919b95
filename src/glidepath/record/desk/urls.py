"""The record's own pages about people and accounts. Each keeps the name of the room whose rows it shows."""

from django.urls import include, path

from glidepath.record.desk.views import (
    account_acts,
    accounts,
    allergies,
    bed,
    break_glass,
    consents,
    contacts,
    glasses,
    identity,
    lines,
    team,
)

people = [
    path("people/<uuid:person>/identity/", identity.identity, name="identity"),
    path("people/<uuid:person>/allergies/", allergies.allergies, name="allergies"),
    path("people/<uuid:person>/allergies/add/", allergies.add, name="add_allergy"),
    path("people/<uuid:person>/allergies/none-known/", allergies.none_known, name="no_known_allergies"),
    path("people/<uuid:person>/allergies/take-back/", allergies.take_back, name="take_back_allergy"),
    path("people/<uuid:person>/contacts/", contacts.contacts, name="contacts"),
    path("people/<uuid:person>/contacts/<uuid:contact>/", contacts.contact, name="contact"),
]
episodes = [
    path("people/<uuid:person>/team/", team.team, name="team"),
    path("people/<uuid:person>/team/<uuid:member>/leave/", team.leave, name="leave_team"),
    path("people/<uuid:person>/move/", bed.move, name="move"),
    path("break-glass/", glasses.glasses, name="glasses"),
    path("break-glass/opened/<uuid:glass>/", glasses.glass, name="glass"),
    path("break-glass/<uuid:person>/", break_glass.break_glass, name="break_glass"),
]
consent = [path("people/<uuid:person>/consent/", consents.consents, name="person")]
audit = [path("audit/", lines.lines, name="lines")]
account = [
    path("accounts/", accounts.accounts, name="list"),
    path("accounts/new/", accounts.new, name="new"),
    path("accounts/<uuid:account>/", accounts.account, name="account"),
    path("accounts/<uuid:account>/unlock/", account_acts.unlock, name="unlock"),
    path("accounts/<uuid:account>/<slug:what>/", account_acts.act, name="act"),
]

urlpatterns = [
    path("", include((people, "people"))),
    path("", include((episodes, "episodes"))),
    path("", include((consent, "consent"))),
    path("", include((audit, "audit"))),
    path("", include((account, "accounts"))),
]
