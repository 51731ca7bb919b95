from django.urls import path

from glidepath.care.medication.views import after, answers, leave, left_over, orders, person, round

app_name = "medication"

urlpatterns = [
    path("round/", round.medicine_round, name="round"),
    path("round/read/", round.read, name="read"),
    path("round/<uuid:person>/", round.act, name="act"),
    path("people/<uuid:person>/medicines/", person.medicines, name="person"),
    path("people/<uuid:person>/medicines/order/", orders.order, name="order"),
    path("people/<uuid:person>/medicines/leave/", leave.leave, name="leave"),
    path("people/<uuid:person>/medicines/verbal/", after.verbal, name="verbal"),
    path("people/<uuid:person>/medicines/<uuid:order>/sign/", after.sign, name="sign"),
    path("people/<uuid:person>/medicines/<uuid:order>/renew/", after.renew, name="renew"),
    path("people/<uuid:person>/medicines/<uuid:order>/stop/", orders.stop, name="stop"),
    path("people/<uuid:person>/medicines/<uuid:order>/word/", orders.word, name="word"),
    path("people/<uuid:person>/medicines/goes-on/<uuid:about>/", after.goes_on, name="goes_on"),
    path("people/<uuid:person>/medicines/answers/<uuid:answer>/", answers.correct, name="correct"),
    path("people/<uuid:person>/medicines/answers/<uuid:answer>/left-over/", left_over.left_over, name="left_over"),
]
