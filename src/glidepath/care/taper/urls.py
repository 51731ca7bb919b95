from django.urls import path

from glidepath.care.taper.views import batch, changing, interrupting, level, planning, redirecting, releasing

app_name = "taper"

urlpatterns = [
    path("people/<uuid:person>/taper/", planning.plan, name="plan"),
    path("people/<uuid:person>/taper/draft/", planning.sign, name="sign"),
    path("people/<uuid:person>/taper/hold/", changing.change, {"kind": "hold"}, name="hold"),
    path("people/<uuid:person>/taper/slow/", changing.change, {"kind": "slow"}, name="slow"),
    path("people/<uuid:person>/taper/step-back/", changing.change, {"kind": "step_back"}, name="step_back"),
    path("people/<uuid:person>/taper/resume/", changing.change, {"kind": "resume"}, name="resume"),
    path("people/<uuid:person>/taper/switch/", redirecting.redirect, {"kind": "switch"}, name="switch"),
    path("people/<uuid:person>/taper/amend/", redirecting.redirect, {"kind": "amend"}, name="amend"),
    path("people/<uuid:person>/taper/return/", interrupting.interrupt, {"kind": "return"}, name="return"),
    path("people/<uuid:person>/taper/supply/", interrupting.interrupt, {"kind": "supply"}, name="supply"),
    path("people/<uuid:person>/taper/bridge/", interrupting.interrupt, {"kind": "bridge"}, name="bridge"),
    path("people/<uuid:person>/taper/bridge/sheet/", interrupting.bridge_sheet, name="bridge_sheet"),
    path("people/<uuid:person>/taper/review/", releasing.review, name="review"),
    path("people/<uuid:person>/taper/release/", releasing.release, name="release"),
    path("people/<uuid:person>/taper/batch/", batch.batch, name="batch"),
    path("people/<uuid:person>/taper/day/", batch.day, name="day"),
    path("people/<uuid:person>/taper/level/", level.level, name="level"),
    path("people/<uuid:person>/taper/level/<uuid:level>/correct/", level.correct, name="correct_level"),
    path("people/<uuid:person>/taper/versions/", releasing.versions, name="versions"),
]
