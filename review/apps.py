from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"

    def ready(self) -> None:
        """Register every kind of notice: the page and the worker that put one into words may not have written it."""
        from . import announce, reminders  # noqa: F401
        from .services import annotations, batch_notices, rounds  # noqa: F401
