from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal import joining
from portal.roles import Role


class Command(BaseCommand):
    help = "Give a person a post in an organisation, from today on; a new account is opened with --name and --email."

    def add_arguments(self, parser):
        parser.add_argument("account")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--organisation", required=True, help="name or short name, such as 江苏省商务厅")
        parser.add_argument("--region", default="", help="code of province or city, where the name alone is not enough")
        parser.add_argument("--name", default="", help="the person's name, for a new account")
        parser.add_argument("--email", default="", help="the work e-mail, for a new account")
        parser.add_argument("--title", default="", help="the person's post in words, for a new account")

    def handle(self, *, account, role, organisation, region, name, email, title, **_options):
        wanted = Role(role)
        try:
            with transaction.atomic():
                place = joining.organisation_of(wanted, organisation, region=region)
                post, is_new = joining.give_post(account, place, wanted, name=name, email=email, title=title)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(joining.told(post, is_new=is_new))
