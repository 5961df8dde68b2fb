from django.urls import path

from ..views import cases, desks, files, home, moves, previews, status

urlpatterns = [
    path("home/", home.home, name="home"),
    path("plans/", desks.plans, name="plans"),
    path("plans/new/", cases.plan_new, name="plan_new"),
    path("channel/", desks.channel_desk, name="channel_desk"),
    path("plans/<str:ref>/", cases.plan, name="plan"),
    path("plans/<str:ref>/moves/<str:name>/", moves.move, name="plan_move"),
    path("plans/<str:ref>/file/", moves.file_formally, name="plan_file_formally"),
    path("plans/<str:ref>/receipts/<int:number>/", moves.receipt, name="plan_receipt"),
    path("plans/<str:ref>/history/", cases.history, name="plan_history"),
    path("plans/<str:ref>/status/", status.plan_status, name="plan_status"),
    path("plans/<str:ref>/versions/", cases.versions, name="plan_versions"),
    path("plans/<str:ref>/files/<int:file_id>/", files.plan_file, name="plan_file"),
    path("plans/<str:ref>/files/<int:file_id>/preview/", previews.plan_file_preview, name="plan_file_preview"),
    path("plans/<str:ref>/files/<int:file_id>/pages/<int:number>/", previews.plan_file_page, name="plan_file_page"),
    path("plans/<str:ref>/open/", cases.open_handling, name="plan_open"),
    path("plans/<str:ref>/release/", cases.release, name="plan_release"),
]
