import json

from django.core.management.base import BaseCommand

from review import drawing


class Command(BaseCommand):
    help = "Print the workflow table: --format mermaid or json."

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["mermaid", "json"], default="mermaid")

    def handle(self, *, format, **_options):
        if format == "json":
            self.stdout.write(json.dumps(drawing.as_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(drawing.mermaid(), ending="")
