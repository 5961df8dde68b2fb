from django.urls import path

from ..views import assignments, board, notes, reading

urlpatterns = [
    path("review/", board.board, name="review_board"),
    path("plans/<str:ref>/v<int:number>/read/", reading.read, name="plan_read"),
    path("plans/<str:ref>/compare/<int:a>/<int:b>/", reading.compare, name="plan_compare"),
    path("plans/<str:ref>/notes/new/", notes.note_add, name="plan_note_add"),
    path("plans/<str:ref>/notes/publish/", notes.publish, name="plan_notes_publish"),
    path("plans/<str:ref>/notes/<int:pk>/", notes.note, name="plan_note"),
    path("plans/<str:ref>/notes/<int:pk>/delete/", notes.note_delete, name="plan_note_delete"),
    path("plans/<str:ref>/notes/<int:pk>/reply/", notes.note_reply, name="plan_note_reply"),
    path("plans/<str:ref>/notes/<int:pk>/resolve/", notes.note_resolve, name="plan_note_resolve"),
    path("plans/<str:ref>/assignments/", assignments.assignments, name="plan_assignments"),
    path("plans/<str:ref>/assignments/<int:pk>/excuse/", assignments.excuse, name="plan_excuse"),
    path("plans/<str:ref>/recuse/", assignments.recuse, name="plan_recuse"),
]
