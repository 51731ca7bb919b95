from django.urls import path

from glidepath.care.supply import views

app_name = "supply"

urlpatterns = [
    path("settings/products/", views.products, name="products"),
    path("settings/products/<uuid:product>/split/", views.allow_split, name="allow_split"),
    path("settings/products/<uuid:product>/retire/", views.retire, name="retire"),
]
