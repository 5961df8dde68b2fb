"""The portal's own pages, in every language."""

urlpatterns: list = []
