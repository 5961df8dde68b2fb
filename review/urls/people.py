from django.urls import path

from ..views import people

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/suspend/", people.suspend, name="person_suspend"),
    path("people/<int:pk>/reinstate/", people.reinstate, name="person_reinstate"),
    path("people/posts/<int:pk>/end/", people.end_post, name="post_end"),
    path("people/posts/<int:pk>/hand-over/", people.hand_over, name="post_hand_over"),
]
