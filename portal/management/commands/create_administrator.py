"""`create_administrator`: the first account of an office; the person sets the password."""

import json
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts import roles
from accounts.models import Officer
from accounts.roles import Role
from ledger import append
from portal import own_passwords
from portal.officers import OFFICER_CREATED

ACTOR = "command:create_administrator"


class Command(BaseCommand):
    help = "시스템 관리자 계정을 만들고, 본인이 비밀번호를 정할 주소를 출력합니다(한 번, 하루 동안)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="아이디")
        parser.add_argument("name", help="성명")
        parser.add_argument("--email", default="", help="알림을 받을 전자우편")
        parser.add_argument(
            "--another", action="store_true", help="쓰고 있는 시스템 관리자가 있어도 만듭니다"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="결과를 JSON 한 줄로")

    def handle(self, *args: Any, **options: Any) -> None:
        username, name = options["username"], options["name"].strip()
        try:
            UnicodeUsernameValidator()(username)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        if Officer.objects.filter(username=username).exists():
            raise CommandError(f"이미 있는 아이디입니다: {username}", returncode=2)
        working = Officer.objects.filter(is_active=True, groups__name=Role.SYSTEM_ADMINISTRATOR.label)
        if working.exists() and not options["another"]:
            raise CommandError(
                "쓰고 있는 시스템 관리자가 있습니다. 포털에서 등록하거나 --another를 붙이십시오.",
                returncode=1,
            )
        with transaction.atomic():
            officer = Officer(
                username=username, last_name=name[:1], first_name=name[1:], email=options["email"]
            )
            officer.set_unusable_password()
            officer.save()
            roles.assign(officer, Role.SYSTEM_ADMINISTRATOR)
            append.record(
                OFFICER_CREATED,
                actor=ACTOR,
                subject=f"officer:{officer.pk}",
                payload={"role": Role.SYSTEM_ADMINISTRATOR.value},
            )
        link = own_passwords.make_link(officer, actor=ACTOR)
        self.stderr.write("계정을 만들었습니다. 본인이 이 주소에서 비밀번호를 정합니다(한 번, 하루 동안):")
        if options["as_json"]:
            self.stdout.write(json.dumps({"username": username, "link": link}))
        else:
            self.stdout.write(link)
