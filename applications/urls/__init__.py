"""Pages on which a city writes its plan."""

urlpatterns: list = []
