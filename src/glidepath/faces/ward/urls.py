from django.urls import path

from glidepath.faces.ward import views

app_name = "ward"

urlpatterns = [
    path("", views.home, name="home"),
    path("unit/", views.unit, name="unit"),
    path("unit/<uuid:unit>/", views.board_page, name="board"),
    path("people/", views.people, name="people"),
    path("people/<uuid:person>/", views.chart, name="chart"),
]
