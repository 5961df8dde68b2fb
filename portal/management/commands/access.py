import json

from django.core.management.base import BaseCommand

from portal import access


class Command(BaseCommand):
    help = "Print the access table: --format md or json."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["md", "json"], default="md")

    def handle(self, *, format, **_options):
        rows = sorted(access.table().items())
        if format == "json":
            self.stdout.write(json.dumps([_plain(key, rule) for key, rule in rows], ensure_ascii=False, indent=2))
            return
        self.stdout.write("| URL name | Method | Who | About | States |\n|---|---|---|---|---|")
        for (url, method), rule in rows:
            who = "everybody" if rule.public else ", ".join(sorted(rule.actors or rule.roles))
            states = ", ".join(sorted(rule.states)) or "any"
            self.stdout.write(f"| {url} | {method} | {who} | {rule.subject or '-'} | {states} |")


def _plain(key: tuple[str, str], rule: access.Rule) -> dict:
    return {
        "url": key[0],
        "method": key[1],
        "public": rule.public,
        "roles": sorted(rule.roles),
        "subject": rule.subject,
        "actors": sorted(rule.actors),
        "states": sorted(rule.states),
    }
