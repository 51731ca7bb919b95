from django.urls import path

from glidepath.care.planning.views import draft, plan, review, sign, thread

app_name = "planning"

urlpatterns = [
    path("people/<uuid:person>/plan/", plan.plan, name="plan"),
    path("people/<uuid:person>/plan/draft/", draft.draft, name="draft"),
    path("people/<uuid:person>/plan/draft/put-away/", draft.put_away, name="put_away"),
    path("people/<uuid:person>/plan/sign/", sign.sign, name="sign"),
    path("people/<uuid:person>/plan/versions/", plan.versions, name="versions"),
    path("people/<uuid:person>/plan/review/", review.review, name="review"),
    path("people/<uuid:person>/plan/objectives/<uuid:objective>/", thread.objective, name="objective"),
    path("people/<uuid:person>/plan/thread/", thread.thread, name="thread"),
]
