from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"

    def ready(self) -> None:
        """Register every kind of notice and check: the page or worker that needs one may not have written it."""
        from applications.services import handing_in, proposals, team  # noqa: F401

        from . import announce, file_notices, reminders  # noqa: F401
        from .letters import faces  # noqa: F401
        from .services import annotations, batch_notices, invitations, member_views, people, rounds  # noqa: F401
