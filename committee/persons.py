"""The persons of the committee in the catalogue of personal data: their contacts, and their names once they left."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from casework import persons
from committee.models import (
    MEMBER_PERSONAL,
    Ballot,
    HeardExpert,
    Member,
    Minutes,
    MinutesConfirmation,
    PaperAnswer,
    Recusal,
    Term,
)
from ledger.append import record
from ordinance import parameters

CODE = "committee_member"
DAYS = "committee_member_days"
ERASED, READ = "committee.members_erased", "committee.member_contact_read"
LEDGER_KINDS = {ERASED: "운영위원 개인정보 파기", READ: "운영위원 연락처 열람"}
PURPOSES = {
    "notice": "회의 통지와 자료 송부",
    "confirm": "의결·회의록 확인",
    "pay": "수당 지급",
}
ERASED_AT_ONCE = 200


def due(now: datetime) -> "QuerySet[Member]":
    """Nobody's seat any more, for as long as the records of the committee are kept."""
    today = timezone.localdate(now)
    last = today - timedelta(days=int(parameters.value(DAYS, today).value))
    since = Term.objects.filter(member=OuterRef("pk")).filter(
        Q(ended_on=None, until_on=None) | Q(ended_on=None, until_on__gt=last) | Q(ended_on__gt=last)
    )
    return (
        Member.objects.filter(~Exists(since), terms__isnull=False, erased_at=None).distinct().order_by("pk")
    )


def erase(now: datetime) -> int:
    rows = list(due(now).defer(*MEMBER_PERSONAL)[:ERASED_AT_ONCE])
    if not rows:
        return 0
    with transaction.atomic():
        Member.objects.filter(pk__in=[row.pk for row in rows]).update(
            **dict.fromkeys(MEMBER_PERSONAL, ""), erased_at=now
        )
        _erase_words(now)
        numbers = [row.number for row in rows]
        record(ERASED, actor="system:committee", subject="committee-members", payload={"members": numbers})
    return len(rows)


def _erase_words(now: datetime) -> None:
    """Why a member stepped aside, what one added to a ballot, whom the committee heard: of meetings as old as that."""
    last = timezone.localdate(now) - timedelta(days=int(parameters.value(DAYS).value))
    Recusal.objects.filter(item__meeting__on__lte=last).update(reason="")
    Ballot.objects.filter(item__meeting__on__lte=last).update(opinion="")
    # The scan of an answer on paper bears a name, a signature and the words.
    answers = PaperAnswer.objects.filter(meeting__on__lte=last)
    PaperAnswer.attachments.through.objects.filter(paperanswer__in=answers).delete()
    answers.update(reject_reason="")
    HeardExpert.objects.filter(meeting__on__lte=last).update(name="")
    MinutesConfirmation.objects.filter(minutes__meeting__on__lte=last).update(objection="")
    # What was published, without names of speakers, stays.
    Minutes.objects.filter(meeting__on__lte=last).update(contents="")


def register() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="영상정보처리기기 운영위원회의 운영",
            model=Member,
            columns=MEMBER_PERSONAL,
            items="위원의 성명, 전화번호, 전자우편 주소, 안건에서 물러난 사유와 서면심의의 의견, 의견서의 스캔과 돌려보낸 사유, 회의록의 발언자와 확인 의견, 정한 날수 동안의 회의 녹음, 의견을 들은 사람의 성명 (성별과 소속·직위는 구성의 기록으로 남습니다)",
            purpose="위원을 위촉하고 회의를 알리며, 의결과 회의록을 확인하고 수당을 지급하는 데 씁니다.",
            ground="개인정보 보호법 제15조제1항제2호, 조례 제26조·제27조·제29조·제30조",
            along=(
                (Recusal, "reason"),
                (Ballot, "opinion"),
                (HeardExpert, "name"),
                (Minutes, "contents"),
                (MinutesConfirmation, "objection"),
            ),
            days=DAYS,
            kept_from="마지막 임기가 끝난 날부터",
            erase=erase,
            count_due=lambda now: due(now).count(),
            recipients="위원의 성명과 소속·직위는 조례에 따라 누리집에 공개합니다. 그 밖에는 제공하지 않습니다",
            purposes=PURPOSES,
            read_kind=READ,
            permission="committee.read_member_contact",
            subject=lambda member: member.ledger_subject,
        )
    )
