"""보안서약 (ordinance art. 25(2)): texts in versions, signed in the portal by the person alone, or brought as a scan."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts.models import Officer
from casework import acts, persons, portions
from casework.acts import File
from casework.refusals import Refusal, outside, unwritten
from ledger.append import record as note
from ordinance import parameters
from records.competence import findings, standing
from records.competence_enums import OF_OTHERS, OF_STAFF, PledgeKind, PledgeWay
from records.models import Pledge, PledgeText, StaffMember

TEXT_PUBLISHED = "records.pledge_text_published"
SIGNED = "records.pledge_signed"
FILED = "records.pledge_filed"
WITHDRAWN = "records.pledge_withdrawn"
CODE, READ = "pledge", "records.pledge_person_read"
ERASED = "records.pledge_persons_erased"
KINDS = {
    READ: "보안서약의 서명·사본 열람",
    TEXT_PUBLISHED: "서약서 문안 확정",
    SIGNED: "보안서약 서명",
    FILED: "종이 보안서약 등록",
    WITHDRAWN: "보안서약 취소",
    ERASED: "출입자·제공받는 사람의 서약 정보 파기",
}
ARTICLE = "조례 제25조제2항"
DAYS = "pledge_person_days"
ERASED_AT_ONCE = 200


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def text_of(kind: str, on: dt.date) -> PledgeText | None:
    """The text that is sworn on that day."""
    return PledgeText.objects.filter(kind=kind, effective_on__lte=on).order_by("-version").first()


def publish_text(kind: str, text: str, *, effective_on: dt.date, by: Officer) -> PledgeText:
    last = PledgeText.objects.filter(kind=kind).aggregate(last=Max("version"), on=Max("effective_on"))
    row = PledgeText(kind=kind, version=(last["last"] or 0) + 1)
    with acts.begin(TEXT_PUBLISHED, row, by=by) as act:
        act.refuse(unwritten(text, "text", "문안을 적으십시오.", ARTICLE))
        if last["on"] and effective_on < last["on"]:
            sentence = f"시행일은 앞 판의 시행일({last['on']:%Y-%m-%d})보다 앞설 수 없습니다."
            act.refuse([Refusal("early", sentence, field="effective_on")])
        act.write(
            text=text,
            digest=digest_of(text.strip()),
            effective_on=effective_on,
            published_by=by,
            published_at=act.at,
        )
        act.payload |= {"pledge_kind": kind, "version": row.version, "sha256": row.digest}
        return act.row


def kind_to_sign(staff: StaffMember) -> PledgeKind:
    """The first one is that of joining; after the last day, that of leaving."""
    if staff.last_on and staff.last_on <= timezone.localdate():
        return PledgeKind.LEAVING
    sworn = staff.pledges.standing().filter(kind__in=standing.SECRECY_SWORN)
    return PledgeKind.YEARLY if sworn.exists() else PledgeKind.JOINING


def sign(staff: StaffMember, text: PledgeText, *, by: Officer) -> Pledge:
    """In the portal: the account's own person, and the text that was shown."""
    now = timezone.now()
    row = Pledge(
        kind=text.kind,
        text=text,
        staff=staff,
        signed_on=timezone.localdate(now),
        signed_at=now,
        way=PledgeWay.PORTAL,
        digest=text.digest,
        recorded_by=by,
        recorded_at=now,
    )
    with acts.begin(SIGNED, staff, by=by, at=now) as act:
        act.refuse(_against_signing(act.row, text, by, row.signed_on))
        act.add(row)
        act.payload |= _facts(row)
        act.afterwards(lambda: findings.follow([staff.number]))
    return row


def _against_signing(staff: StaffMember, text: PledgeText, by: Officer, on: dt.date) -> Iterator[Refusal]:
    if staff.officer_id != by.pk:
        yield Refusal("other", "서약은 본인이 본인의 계정으로 서명합니다.", ARTICLE)
    if text.kind not in OF_STAFF:
        yield Refusal("kind", "근무하는 사람의 서약서가 아닙니다.", ARTICLE)
    if text != text_of(text.kind, on):
        yield Refusal("text", "그 사이에 문안이 바뀌었습니다.", ARTICLE, "새 문안을 읽고 다시 서명하십시오.")


def file(
    kind: str,
    *,
    signed_on: dt.date,
    by: Officer,
    files: Iterable[File],
    staff: StaffMember | None = None,
    name: str = "",
    organisation: str = "",
    about: str = "",
) -> Pledge:
    """A paper that somebody signed: of a person on the list, or of a visitor or recipient by name."""
    given, now = list(files), timezone.now()
    text = text_of(kind, signed_on)
    row = Pledge(
        kind=kind,
        staff=staff,
        name=name.strip(),
        organisation=organisation.strip(),
        about=about.strip(),
        signed_on=signed_on,
        way=PledgeWay.SCAN,
        recorded_by=by,
        recorded_at=now,
    )
    with acts.begin(FILED, row, by=by, at=now) as act:
        act.refuse(_against_filing(row, text, given))
        assert text is not None  # noqa: S101 - refused above
        act.write(text=text, digest=text.digest)
        act.attach(given)
        act.payload |= _facts(row)
        if staff is not None:
            act.afterwards(lambda: findings.follow([staff.number]))
        return act.row


def _against_filing(row: Pledge, text: PledgeText | None, files: list[File]) -> Iterator[Refusal]:
    yield from outside(row.signed_on, "signed_on", "서약일", until=timezone.localdate(), article=ARTICLE)
    if text is None:
        yield Refusal(
            "text", "그날 시행하던 문안이 없습니다.", ARTICLE, "문안을 먼저 확정하십시오.", field="signed_on"
        )
    if not files:
        yield Refusal("file", "서명한 서약서의 사본을 붙이십시오.", ARTICLE, field="files")
    if row.kind in OF_STAFF and row.staff is None:
        yield Refusal("staff", "누구의 서약인지 인력 명부에서 고르십시오.", ARTICLE, field="staff")
    if row.kind in OF_OTHERS:
        yield from unwritten(row.name, "name", "서약한 사람의 성명을 적으십시오.", ARTICLE)
        yield from unwritten(row.about, "about", "출입이나 이용·제공의 번호를 적으십시오.", ARTICLE)


def _facts(row: Pledge) -> dict[str, object]:
    return {
        "pledge": row.pk,
        "pledge_kind": row.kind,
        "version": row.text.version,
        "sha256": row.digest,
        "on": row.signed_on.isoformat(),
        "staff": row.staff.number if row.staff else "",
    }


def withdraw(pledge: Pledge, *, reason: str, by: Officer) -> Pledge:
    with acts.begin(WITHDRAWN, pledge, by=by) as act:
        if act.row.withdrawn_at is not None:
            act.refuse([Refusal("withdrawn", "이미 취소한 서약입니다.", ARTICLE)])
        act.refuse(unwritten(reason, "reason", "취소하는 사유를 적으십시오."))
        act.write(withdrawn_at=act.at, withdrawn_why=reason)
        act.payload |= {"pledge": act.row.pk}
        if act.row.staff is not None:
            number = act.row.staff.number
            act.afterwards(lambda: findings.follow([number]))
        return act.row


def due(now: dt.datetime) -> "QuerySet[Pledge]":
    today = timezone.localdate(now)
    days = int(parameters.value(DAYS, today).value)
    return (
        Pledge.objects.filter(
            kind__in=OF_OTHERS, person_erased_at__isnull=True, signed_on__lt=today - dt.timedelta(days=days)
        )
        .defer("name")
        .order_by("pk")
    )


def erase(now: dt.datetime) -> int:
    """Names of visitors and recipients go, with the scans that bear them; that somebody swore stays."""
    with transaction.atomic():
        rows = portions.hold(lambda: due(now), ERASED_AT_ONCE)
        if not rows:
            return 0
        Pledge.attachments.through.objects.filter(pledge__in=rows).delete()
        Pledge.objects.filter(pk__in=[row.pk for row in rows]).update(name="", person_erased_at=now)
        note(ERASED, actor="system:records", subject="pledge", payload={"count": len(rows)})
    return len(rows)


def register_persons() -> None:
    persons.register(
        persons.PersonalData(
            code=CODE,
            title="출입자와 영상을 제공받는 사람의 보안서약",
            model=Pledge,
            columns=("name",),
            items="서약한 사람의 성명, 서명한 서약서의 사본",
            purpose="영상을 본 사람과 통합관제센터에 들어온 사람이 비밀을 지키겠다고 서약한 것을 증명합니다.",
            ground="개인정보 보호법 제15조제1항제2호·제3호, 조례 제19조·제25조제2항",
            days=DAYS,
            kept_from="서약한 날부터",
            erase=erase,
            count_due=lambda now: due(now).count(),
            purposes={"verify": "서약한 사람과 서명 확인", "inspect": "점검과 감사"},
            read_kind=READ,
            permission="records.view_pledge",
            subject=lambda pledge: f"pledge:{pledge.pk}",
        )
    )
