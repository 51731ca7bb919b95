from django.urls import path

from glidepath.care.medication.views import answers, orders, person, round

app_name = "medication"

urlpatterns = [
    path("round/", round.medicine_round, name="round"),
    path("round/<uuid:person>/", round.act, name="act"),
    path("people/<uuid:person>/medicines/", person.medicines, name="person"),
    path("people/<uuid:person>/medicines/order/", orders.order, name="order"),
    path("people/<uuid:person>/medicines/<uuid:order>/stop/", orders.stop, name="stop"),
    path("people/<uuid:person>/medicines/<uuid:order>/word/", orders.word, name="word"),
    path("people/<uuid:person>/medicines/answers/<uuid:answer>/", answers.correct, name="correct"),
]
