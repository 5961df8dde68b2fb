"""Who may open the portal's own pages."""

from .access import any_post, rule
from .roles import Role

RULES = (
    rule("front", "GET", public=True),
    rule("login", "GET POST", public=True),
    rule("logout", "POST", public=True),
    rule("help", "GET", public=True),
    rule("health", "GET", public=True),
    any_post("posts", "GET POST"),
    any_post("password", "GET POST"),
    any_post("notifications", "GET POST"),
    any_post("notice", "GET"),
    any_post("stay", "POST"),
    rule("audit", "GET", roles={Role.AUDIT_ADMIN}),
    rule("outbox", "GET POST", roles={Role.SYSTEM_ADMIN}),
    rule("access_table", "GET", roles={Role.SECURITY_ADMIN, Role.AUDIT_ADMIN}),
)
