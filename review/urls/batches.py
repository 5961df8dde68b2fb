from django.urls import path

from ..views import batches, cosign

urlpatterns = [
    path("batches/", batches.batches, name="batches"),
    path("batches/new/", batches.batch_new, name="batch_new"),
    path("batches/<int:batch_id>/", batches.batch, name="batch"),
    path("batches/<int:batch_id>/lines/", batches.batch_line_add, name="batch_line_add"),
    path("batches/<int:batch_id>/lines/<int:line_id>/remove/", batches.batch_line_remove, name="batch_line_remove"),
    path("batches/<int:batch_id>/left-out/", batches.batch_leave_out, name="batch_leave_out"),
    path("batches/<int:batch_id>/moves/<str:name>/", batches.batch_move, name="batch_move"),
    path("batches/<int:batch_id>/cosign/", cosign.batch_cosign, name="batch_cosign"),
    path("batches/<int:batch_id>/received/", cosign.batch_receive, name="batch_receive"),
    path("batches/<int:batch_id>/advice/", cosign.batch_advise, name="batch_advise"),
    path("batches/<int:batch_id>/sign/", cosign.batch_sign, name="batch_sign"),
    path("batches/<int:batch_id>/signatures/<int:signature_id>/withdraw/", cosign.batch_unsign, name="batch_unsign"),
    path("batches/<int:batch_id>/text/", cosign.batch_text, name="batch_text"),
]
