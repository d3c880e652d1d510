"""Duties before a camera stands: purpose, place, standards, consultations (ordinance art. 5 to 8)."""

from typing import Any

from django.db.models import Case, Exists, Expression, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now

from accounts.designations import responsible_on
from cameras import purposes
from cameras.enums import (
    CameraState,
    ConsultationReply,
    InstallPurpose,
    LifecycleEvent,
    PaperKind,
    Pipa25Ground,
    PlaceKind,
)
from cameras.models import ConsultationCondition, PriorConsultation, PublicConsultation
from cameras.rules.facts import (
    UNKNOWN_MONTH,
    UNKNOWN_MONTH_WORDS,
    before_the_ordinance,
    cameras_from,
    has_paper,
    last_paper,
    not_before_the_ordinance,
)
from ordinance.models import Ground
from ordinance.purposes import fits
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject

# -- purpose (6) ------------------------------------------------------------------------------------------------


def _registered(context: Context) -> QuerySet[Any]:
    return cameras_from(CameraState.PLANNED, context)


def _grounds_in_force(context: Context) -> list[int]:
    """Items of PIPA art. 25(1) that the law of the day has; item 6 is in it since 2023-09-15."""
    rows = Ground.objects.layer(Ground.Layer.PIPA_INSTALLATION).in_force(context.on)
    return sorted({int(item) for item in rows.values_list("item", flat=True)})


def _faults_of_purpose(context: Context) -> dict[str, Q]:
    """What the ordinance and the law of the day ask for, then what their table asks where it is in force."""
    no_law = Q(pipa25_ground=Pipa25Ground.LAW_ALLOWS, special_law_basis="")
    by_table = purposes.conditions(fits(context.on, context.profile))
    return {
        "purpose": ~Q(install_purpose__in=InstallPurpose.values),
        "ground": ~Q(pipa25_ground__in=_grounds_in_force(context)),
        **by_table,
        purposes.LAW: no_law | by_table[purposes.LAW],
    }


def _without_purpose(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    wrong = Q(pk__in=[])
    for condition in _faults_of_purpose(context).values():
        wrong |= condition
    return rows.filter(wrong)


def _what_lacks_of_purpose(context: Context) -> Expression:
    faults = _faults_of_purpose(context)
    return Case(*(When(condition, then=Value(code)) for code, condition in faults.items()), default=Value(""))


PURPOSE = Rule(
    code="purpose",
    title="설치목적의 적법성",
    article=6,
    subject=Subject.CAMERA,
    subjects=_registered,
    unmet=_without_purpose,
    evidence=_what_lacks_of_purpose,
    words={
        "purpose": "조례 제6조의 일곱 목적에 해당하지 않습니다.",
        "ground": "그날 시행 중인 법 제25조제1항 각 호에 해당하지 않습니다.",
        **purposes.WORDS,
    },
    message="조례 제6조의 목적과 법 제25조제1항의 근거가 갖추어지지 않았습니다.",
    remedy="카메라의 설치목적, 설치목적 상세와 설치 근거를 바로잡으십시오. 목적마다 맞는 근거는 ‘제공·이용 근거’ 화면에 있습니다.",
    remedy_url="cameras:edit",
    mended_by="cameras.change_camera",
    citations=(Citation("제6조"), Citation("제25조제1항", "pipa")),
    gates=frozenset({LifecycleEvent.CONSULT}),
    covers=(
        "철거되지 않은 모든 카메라. 어느 목적에 어느 근거가 맞는지는 시행일이 있는 표에 따르고, "
        "그 전의 날은 표로 판정하지 않습니다."
    ),
    order=1,
)

# -- place (PIPA 25(2)) -----------------------------------------------------------------------------------------


def _in_private_places(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows.filter(place_kind=PlaceKind.PRIVACY)


PLACE = Rule(
    code="place",
    title="설치가 금지된 장소가 아닐 것",
    article=6,
    subject=Subject.CAMERA,
    subjects=_registered,
    unmet=_in_private_places,
    message="목욕실·화장실·발한실·탈의실 등 사생활을 현저히 침해할 우려가 있는 장소의 내부를 볼 수 있습니다.",
    remedy="설치하지 않거나 철거하고, 장소의 성격을 잘못 적었으면 고치십시오.",
    remedy_url="cameras:edit",
    mended_by="cameras.change_camera",
    citations=(Citation("제6조"), Citation("제25조제2항", "pipa")),
    gates=frozenset({LifecycleEvent.CONSULT}),
    covers="철거되지 않은 모든 카메라. 교정시설과 정신의료기관 등은 법 제25조제2항 단서에 따라 금지되지 않습니다.",
    order=2,
)

# -- installation standards (5) ---------------------------------------------------------------------------------


def _deliberated(context: Context) -> QuerySet[Any]:
    return cameras_from(CameraState.DELIBERATED, context)


def _without_checklist(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows.exclude(has_paper(PaperKind.INSTALLATION_CHECKLIST, condition=Q(on__lte=context.on)))


def _nobody_knows_the_month(context: Context) -> Expression:
    return Case(
        When(installed_month__isnull=True, project__isnull=True, then=Value(UNKNOWN_MONTH)), default=Value("")
    )


_OLDER = "조례가 시행되기 전에 설치한 카메라에는 적용하지 않습니다(행정기본법 제14조제1항)."

CHECKLIST = Rule(
    code="installation_checklist",
    title="설치기준 점검",
    article=5,
    subject=Subject.CAMERA,
    subjects=not_before_the_ordinance(_deliberated),
    exclusion=before_the_ordinance(_deliberated),
    unmet=_without_checklist,
    evidence=_nobody_knows_the_month,
    words={UNKNOWN_MONTH: UNKNOWN_MONTH_WORDS},
    proof=lambda context: last_paper(PaperKind.INSTALLATION_CHECKLIST),
    message="설치기준 점검표가 없습니다.",
    remedy="제1호부터 제3호까지의 설치기준을 확인한 점검표를 등록하십시오.",
    remedy_url="papers:file",
    mended_by="cameras.file_paper",
    citations=(Citation("제5조제1호부터 제3호까지"),),
    gates=frozenset({LifecycleEvent.DELIBERATE}),
    covers=f"심의 완료 이후의 카메라(철거 제외). 이전하거나 목적을 바꾸면 새로 점검합니다. {_OLDER}",
    order=1,
)

# -- who builds (5, item 4): known only after the deliberation ----------------------------------------------------


def _installed(context: Context) -> QuerySet[Any]:
    return cameras_from(CameraState.INSTALLED, context)


def _without_builder(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    """The project names the builder, or a paper does; a checklist of former times names the builder too."""
    in_project = Q(project__builder_checked_on__lte=context.on) & ~Q(project__builder_registration="")
    in_checklist = has_paper(
        PaperKind.INSTALLATION_CHECKLIST,
        condition=Q(on__lte=context.on, contents__has_key="registered_builder"),
    )
    return rows.exclude(
        has_paper(PaperKind.BUILDER_REGISTRATION, condition=Q(on__lte=context.on)) | in_checklist | in_project
    )


BUILDER = Rule(
    code="registered_builder",
    title="등록한 정보통신공사업자의 시공",
    article=5,
    subject=Subject.CAMERA,
    subjects=not_before_the_ordinance(_installed),
    exclusion=before_the_ordinance(_installed),
    unmet=_without_builder,
    evidence=_nobody_knows_the_month,
    words={UNKNOWN_MONTH: UNKNOWN_MONTH_WORDS},
    proof=lambda context: last_paper(PaperKind.BUILDER_REGISTRATION, PaperKind.INSTALLATION_CHECKLIST),
    message="시공업체가 정보통신공사업에 등록되어 있음을 확인한 기록이 없습니다.",
    remedy="설치 사업에 시공업체의 등록번호와 확인일을 적거나, 시공업체 등록 확인서를 등록하십시오.",
    remedy_url="papers:file",
    mended_by="cameras.file_paper",
    citations=(Citation("제5조제4호"),),
    gates=frozenset({LifecycleEvent.INSTALL}),
    covers=f"설치되었거나 운영·중지 중인 카메라. 시공업체는 심의한 뒤에 정해지므로 설치할 때 확인합니다. {_OLDER}",
    order=2,
)

# -- prior consultation (7) -------------------------------------------------------------------------------------


def _of_other_departments(context: Context) -> QuerySet[Any]:
    """Cameras that another department than the responsible one installs.

    Who installed an imported camera is often not on record: then nothing says that art. 7 covers it. Ahead of the
    step it is asked of every camera, since the plan has to name its department first.
    """
    rows = cameras_from(CameraState.CONSULTED, context)
    responsible = responsible_on(context.on)
    own = Q(project__isnull=False, project__installing_department=responsible) | Q(
        project__isnull=True, installing_department=responsible
    )
    rows = rows.exclude(own) if responsible else rows
    if context.ahead:
        return rows
    return rows.filter(Q(project__isnull=False) | Q(installing_department__isnull=False))


def _agreed(context: Context) -> Q:
    """Agreed to, or with conditions none of which is unfulfilled when it binds.

    A condition with a day binds from that day; one without a day binds from the start of operation.
    """
    unfulfilled = ConsultationCondition.objects.filter(consultation=OuterRef("pk"), fulfilled_on__isnull=True)
    replies = PriorConsultation.objects.standing().filter(
        project=OuterRef("project"), replied_on__lte=context.on
    )

    def agreed(binding: Q) -> Exists:
        is_kept = ~Exists(unfulfilled.filter(binding))
        return Exists(
            replies.filter(Q(reply=ConsultationReply.AGREE) | Q(is_kept, reply=ConsultationReply.CONDITIONS))
        )

    overdue = Q(due_on__lt=context.on)
    films = Q(state__in=(CameraState.OPERATING, CameraState.SUSPENDED))
    return (
        (Q(agreed(overdue)) & ~films)
        | (Q(agreed(overdue | Q(due_on__isnull=True))) & films)
        | has_paper(PaperKind.PRIOR_CONSULTATION, condition=Q(on__lte=context.on))
    )


def _without_prior_consultation(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows.exclude(_agreed(context))


def _what_lacks_of_prior_consultation(context: Context) -> Expression:
    asked = PriorConsultation.objects.standing().filter(project=OuterRef("project"))
    return Case(
        When(Q(project__isnull=True, installing_department__isnull=True), then=Value("department")),
        When(Exists(asked.filter(reply="")), then=Value("waiting")),
        When(Exists(asked.filter(reply=ConsultationReply.CONDITIONS)), then=Value("condition")),
        When(Exists(asked.filter(reply=ConsultationReply.DECLINE)), then=Value("declined")),
        When(Q(project__isnull=True, installed_month__isnull=True), then=Value(UNKNOWN_MONTH)),
        default=Value("none"),
    )


PRIOR_CONSULTATION = Rule(
    code="prior_consultation",
    title="전담부서와의 사전협의",
    article=7,
    subject=Subject.CAMERA,
    subjects=not_before_the_ordinance(_of_other_departments),
    exclusion=before_the_ordinance(_of_other_departments),
    unmet=_without_prior_consultation,
    evidence=_what_lacks_of_prior_consultation,
    words={
        "department": "설치부서가 적혀 있지 않아 사전협의가 필요한지 알 수 없습니다.",
        "waiting": "사전협의의 회신을 기다리고 있습니다.",
        "condition": "기한이 지나도록 이행하지 않은 협의 조건이 있습니다.",
        "declined": "전담부서의 장이 동의하지 않았습니다.",
        "none": "사전협의를 한 기록이 없습니다.",
        UNKNOWN_MONTH: UNKNOWN_MONTH_WORDS,
    },
    proof=lambda context: last_paper(PaperKind.PRIOR_CONSULTATION),
    message="전담부서의 장과 사전협의를 마치지 않았습니다.",
    remedy="사전협의를 요청하여 동의를 받거나, 이미 받은 협의 결과를 등록하십시오.",
    remedy_url="prior_consultation:list",
    mended_by="cameras.add_priorconsultation",
    citations=(Citation("제7조"),),
    gates=frozenset({LifecycleEvent.CONSULT}),
    covers=(
        "협의 완료 이후의 카메라 가운데 설치부서가 전담부서가 아닌 것. 설치부서를 모르는 기존 카메라는 제7조의 "
        f"대상인지 알 수 없으므로 넣지 않습니다(대장의 누락 항목으로 나타납니다). {_OLDER}"
    ),
    why_not_asked=lambda context: "설치부서가 전담부서 자신이어서 협의할 상대가 없습니다.",
)

# -- conditions of the prior consultation (7), where they bind ---------------------------------------------------


def _asked_for_more(context: Context) -> QuerySet[Any]:
    """Cameras about to operate for the first time whose department was given conditions; later PRIOR_CONSULTATION asks."""
    conditional = PriorConsultation.objects.standing().filter(
        project=OuterRef("project"), reply=ConsultationReply.CONDITIONS, replied_on__lte=context.on
    )
    rows = cameras_from(CameraState.INSTALLED, context).filter(
        Q(state__in=_BEFORE_OPERATION if context.ahead else [CameraState.INSTALLED]), Exists(conditional)
    )
    return rows if context.ahead else rows.filter(Exists(_binding(context)) | ~Exists(_unfulfilled()))


def _with_time_left(context: Context) -> QuerySet[Any]:
    """Installed cameras whose conditions have a day that is not over: neither fulfilled nor late."""
    rows = cameras_from(CameraState.INSTALLED, context).filter(state=CameraState.INSTALLED)
    return rows.filter(Exists(_unfulfilled()) & ~Exists(_binding(context)))


def _unfulfilled() -> QuerySet[Any]:
    return ConsultationCondition.objects.filter(
        consultation__in=PriorConsultation.objects.standing(),
        consultation__project=OuterRef("project"),
        fulfilled_on__isnull=True,
    )


def _binding(context: Context) -> QuerySet[Any]:
    return _unfulfilled().filter(Q(due_on__isnull=True) | Q(due_on__lt=context.on))


_BEFORE_OPERATION = (
    CameraState.PLANNED,
    CameraState.CONSULTED,
    CameraState.DELIBERATED,
    CameraState.APPROVED,
    CameraState.INSTALLED,
)


def _with_open_conditions(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows.filter(Exists(_binding(context)))


CONSULTATION_CONDITIONS = Rule(
    code="consultation_conditions",
    title="사전협의 조건의 이행",
    article=7,
    subject=Subject.CAMERA,
    subjects=_asked_for_more,
    unmet=_with_open_conditions,
    message="전담부서가 동의하면서 붙인 조건을 이행하지 않았습니다.",
    remedy="조건을 이행하고 사전협의의 화면에 이행을 기록하십시오.",
    remedy_url="prior_consultation:list",
    mended_by="cameras.change_priorconsultation",
    citations=(Citation("제7조"),),
    gates=frozenset({LifecycleEvent.OPERATE}),
    covers=(
        "조건부 동의를 받아 설치하고 아직 운영을 시작하지 않은 카메라. 기한이 없는 조건은 운영을 시작하기 전까지, "
        "기한이 있는 조건은 그 기한까지 이행합니다. 운영을 시작한 뒤에는 사전협의의 의무가 봅니다."
    ),
    why_not_asked=lambda context: "조건을 붙인 사전협의 회신이 없습니다.",
    exclusion=Exclusion(_with_time_left, lambda context: "남은 조건의 이행 기한이 아직 지나지 않음"),
    order=1,
)

# -- public consultation (8) ------------------------------------------------------------------------------------


def _with_result(context: Context) -> QuerySet[Any]:
    """Consultations of a project that ran at least the shortest period of the law, and whose result is out.

    One that was closed early, for whatever reason, before that period was over heard nobody long enough.
    """
    ended = Coalesce("closed_early_at", "closes_at")
    return (
        PublicConsultation.objects.filter(
            published_at__isnull=False,
            result_published_at__isnull=False,
            result_published_at__date__lte=context.on,
        )
        .annotate(ended=ended)
        .filter(ended__lte=F("result_published_at"))
        .filter(Q(shortest_until__isnull=True) | Q(ended__gte=F("shortest_until")))
    )


def _consulted(context: Context) -> Q:
    by_paper = has_paper(
        PaperKind.PUBLIC_CONSULTATION, PaperKind.CONSULTATION_EXEMPTION, condition=Q(on__lte=context.on)
    )
    return Q(Exists(_with_result(context).filter(project=OuterRef("project")))) | by_paper


def _without_public_consultation(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows.exclude(_consulted(context))


def _what_lacks_of_public_consultation(context: Context) -> Expression:
    begun = PublicConsultation.objects.filter(project=OuterRef("project"), published_at__isnull=False)
    return Case(
        When(Exists(begun.filter(closes_at__gt=Now(), closed_early_at__isnull=True)), then=Value("open")),
        When(Exists(begun.filter(closed_early_at__lt=F("shortest_until"))), then=Value("short")),
        When(Exists(begun), then=Value("result")),
        When(Q(project__isnull=True, installed_month__isnull=True), then=Value(UNKNOWN_MONTH)),
        default=Value("none"),
    )


PUBLIC_CONSULTATION = Rule(
    code="public_consultation",
    title="의견수렴",
    article=8,
    subject=Subject.CAMERA,
    subjects=not_before_the_ordinance(_deliberated),
    exclusion=before_the_ordinance(
        _deliberated, beside="그때의 법 제25조제3항에 따른 의견수렴은 이 시스템에 기록이 없어 판정하지 않음"
    ),
    unmet=_without_public_consultation,
    evidence=_what_lacks_of_public_consultation,
    words={
        "open": "의견수렴 기간이 끝나지 않았습니다.",
        "short": "의견수렴을 최소 기간보다 일찍 끝냈습니다. 다시 하여야 합니다.",
        "result": "의견수렴의 결과를 알리지 않았습니다.",
        "none": "의견수렴을 하거나 생략한 기록이 없습니다.",
        UNKNOWN_MONTH: UNKNOWN_MONTH_WORDS,
    },
    proof=lambda context: last_paper(PaperKind.PUBLIC_CONSULTATION, PaperKind.CONSULTATION_EXEMPTION),
    message="의견수렴을 마치지 않았습니다.",
    remedy="의견수렴을 하고 결과를 알리거나, 이미 한 의견수렴의 결과를 등록하십시오.",
    remedy_url="consultation:list",
    mended_by="cameras.change_publicconsultation",
    citations=(
        Citation("제8조"),
        Citation("제25조제3항", "pipa"),
        Citation("제23조제1항", "pipa-decree"),
        Citation("제38조", "guideline"),
    ),
    gates=frozenset({LifecycleEvent.DELIBERATE}),
    warning=(
        "조례 제8조 단서의 생략(가까운 곳에 같은 목적으로 추가)은 시행령 제23조에 없습니다. 생략으로 처리한 카메라는 "
        "국가 기준으로는 의견수렴을 하지 않은 것입니다."
    ),
    covers=f"심의 완료 이후의 카메라(철거 제외). 이전하거나 목적을 바꾸면 다시 의견을 듣습니다. {_OLDER}",
)

RULES = (
    PURPOSE,
    PLACE,
    CHECKLIST,
    BUILDER,
    PRIOR_CONSULTATION,
    CONSULTATION_CONDITIONS,
    PUBLIC_CONSULTATION,
)
