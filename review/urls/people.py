from django.urls import path

from ..views import city_people, joining, people

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/suspend/", people.suspend, name="person_suspend"),
    path("people/<int:pk>/reinstate/", people.reinstate, name="person_reinstate"),
    path("people/posts/<int:pk>/end/", people.end_post, name="post_end"),
    path("people/posts/<int:pk>/hand-over/", people.hand_over, name="post_hand_over"),
    path("city/people/", city_people.city_people, name="city_people"),
    path("city/people/invite/", city_people.city_invite, name="city_invite"),
    path("city/people/invitations/<int:pk>/resend/", city_people.invitation_resend, name="invitation_resend"),
    path("city/people/invitations/<int:pk>/revoke/", city_people.invitation_revoke, name="invitation_revoke"),
    path("city/people/posts/<int:pk>/end/", city_people.city_post_end, name="city_post_end"),
    path("city/people/posts/<int:pk>/hand-over/", city_people.city_post_hand_over, name="city_post_hand_over"),
    path("join/<str:token>/", joining.join, name="join"),
]
