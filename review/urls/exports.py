from django.urls import path

from ..views import exports

urlpatterns = [
    path("plans/<str:ref>/v<int:number>/export/", exports.export, name="plan_export"),
    path("plans/<str:ref>/v<int:number>/export/<str:format>/", exports.export_file, name="plan_export_file"),
    path("plans/<str:ref>/draft/export/", exports.draft_export, name="plan_draft_export"),
    path("plans/<str:ref>/draft/export/<int:export_id>/", exports.draft_file, name="plan_draft_file"),
]
