"""The addresses the frame of every page links to, so that the look can be checked without the pages behind them."""

from django.http import HttpResponse
from django.urls import path

NAMES = ("front", "home", "login", "logout", "notifications", "posts", "password", "stay", "search", "help", "verify")
urlpatterns = [path(f"{name}/", HttpResponse, name=name) for name in NAMES]
