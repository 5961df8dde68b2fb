from django.urls import path

from ..views import channel, checks

urlpatterns = [
    path("city/channel/", channel.city_channel, name="city_channel"),
    path("plans/<str:ref>/checks/", checks.plan_checks, name="plan_checks"),
]
