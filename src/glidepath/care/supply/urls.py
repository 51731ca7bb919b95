from django.urls import path

from glidepath.care.supply.views import counting, differences, moving, own, products, register, reports

app_name = "supply"

urlpatterns = [
    path("settings/products/", products.products, name="products"),
    path("settings/products/<uuid:product>/split/", products.allow_split, name="allow_split"),
    path("settings/products/<uuid:product>/retire/", products.retire, name="retire"),
    path("register/", register.overview, name="register"),
    path("register/stock/", reports.stock, name="stock"),
    path("register/inventory/", reports.inventory, name="inventory"),
    path("register/differences/", differences.differences, name="differences"),
    path("register/differences/<uuid:difference>/", differences.difference, name="difference"),
    path("register/entries/<uuid:movement>/reverse/", register.reverse_movement, name="reverse"),
    path("register/batches/<uuid:batch>/recall/", register.recall, name="recall"),
    path("register/<uuid:location>/", register.location, name="location"),
    path("register/<uuid:location>/retire/", register.retire, name="retire_location"),
    path("register/<uuid:location>/receive/", moving.receive, name="receive"),
    path("register/<uuid:location>/transfer/", moving.transfer, name="transfer"),
    path("register/<uuid:location>/take-out/", moving.leave, name="leave"),
    path("register/<uuid:location>/count/", counting.count, name="count"),
    path("register/<uuid:location>/report/", differences.report, name="report"),
    path("people/<uuid:person>/own-medicines/", own.bags, name="own"),
    path("people/<uuid:person>/own-medicines/<uuid:bag>/", own.bag, name="bag"),
]
