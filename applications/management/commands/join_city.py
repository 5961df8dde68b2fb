from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from applications.services.joining import Person, join_city
from portal import joining


class Command(BaseCommand):
    help = (
        "Let a city take part: name its lead and, if you like, its editor; then import_plan or the pages begin a plan."
    )

    def add_arguments(self, parser):
        parser.add_argument("code", help="code of the city (GB/T 2260), such as 130100")
        parser.add_argument("--lead", required=True, metavar="ACCOUNT")
        parser.add_argument("--name", default="", help="the lead's name, for a new account")
        parser.add_argument("--email", default="", help="the lead's work e-mail, for a new account")
        parser.add_argument("--title", default="", help="the lead's post in words, for a new account")
        parser.add_argument("--editor", metavar="ACCOUNT")
        parser.add_argument("--editor-name", default="")
        parser.add_argument("--editor-email", default="")
        parser.add_argument("--department", default="", help="the editor's department; without it the city government")

    def handle(self, *, code, lead, name, email, title, editor, editor_name, editor_email, department, **_options):
        writer = Person(editor, editor_name, editor_email) if editor else None
        try:
            given = join_city(code, lead=Person(lead, name, email, title), editor=writer, department=department)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        for post, is_new in given:
            self.stdout.write(joining.told(post, is_new=is_new))
