"""Duties while a camera stands: sound, link, monitoring, retention, necessity (ordinance art. 10, 13, 14, 24)."""

from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from cameras.enums import CameraState, LifecycleEvent, LinkStatus, MonitoringScope, PaperKind
from cameras.querysets import lacks_retention_ground
from cameras.rules.facts import began_operating_since, cameras_from, has_paper, last_paper
from ordinance.rules import Citation, Context, Exclusion, Rule, Subject


def _standing(context: Context) -> QuerySet[Any]:
    return cameras_from(CameraState.INSTALLED, context)


def _in_service(context: Context) -> QuerySet[Any]:
    return cameras_from(CameraState.OPERATING, context)


# -- sound (10) -------------------------------------------------------------------------------------------------

AUDIO_MONTHS = "audio_check_months"


def _audio_in_doubt(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    return rows.exclude(
        audio_disabled=True,
        audio_checked_on__isnull=False,
        audio_checked_on__gte=context.months_ago(AUDIO_MONTHS),
        audio_checked_on__lte=context.on,
    )


AUDIO_OFF = Rule(
    code="audio_off",
    title="녹음기능 미사용 확인",
    article=10,
    subject=Subject.CAMERA,
    subjects=_standing,
    unmet=_audio_in_doubt,
    evidence=lambda context: Case(
        When(audio_disabled=False, then=Value("recording")),
        When(audio_checked_on__isnull=True, then=Value("never")),
        default=Value("lapsed"),
    ),
    words={
        "recording": "녹음기능이 켜져 있다고 적혀 있습니다.",
        "never": "녹음기능을 쓰지 않는지 확인한 기록이 없습니다.",
        "lapsed": "녹음기능을 정한 주기 안에 확인하지 않았습니다.",
    },
    proof=lambda context: Cast("audio_checked_on", CharField()),
    message="녹음기능을 쓰지 않음을 확인하지 않았습니다.",
    remedy="현장이나 녹화기 설정에서 확인하고 녹음기능 미사용 확인서를 등록하십시오.",
    remedy_url="papers:file",
    mended_by="cameras.file_paper",
    citations=(Citation("제10조제2항"), Citation("제25조제5항", "pipa")),
    gates=frozenset({LifecycleEvent.OPERATE}),
    covers="설치되었거나 운영·중지 중인 카메라",
)

# -- link to the control centre (13) ----------------------------------------------------------------------------


def _without_link(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    exempted = (
        Q(link_status=LinkStatus.NOT_LINKED) & ~Q(link_exemption_reason="") & ~Q(link_exemption_document="")
    )
    return rows.exclude(Q(link_status=LinkStatus.LINKED) | exempted)


CENTRE_LINK = Rule(
    code="centre_link",
    title="관제센터 연계",
    article=13,
    subject=Subject.CAMERA,
    subjects=_standing,
    unmet=_without_link,
    evidence=lambda context: Case(
        When(link_status=LinkStatus.UNKNOWN, then=Value("unknown")),
        When(link_exemption_reason="", then=Value("not_linked")),
        default=Value("no_document"),
    ),
    words={
        "unknown": "관제센터와 연계되었는지 확인되지 않았습니다.",
        "not_linked": "관제센터와 연계되지 않았고 제외 사유가 없습니다.",
        "no_document": "연계 제외를 결정한 문서가 없습니다.",
    },
    proof=lambda context: Case(
        When(link_status=LinkStatus.LINKED, then=Value("연계")), default="link_exemption_document"
    ),
    message="관제센터에 연계되지 않았고 제외 결정도 없습니다.",
    remedy="관제센터에 연계하거나, 제외 사유와 결정 문서를 등록하십시오.",
    remedy_url="papers:file",
    mended_by="cameras.file_paper",
    citations=(Citation("제13조"),),
    gates=frozenset({LifecycleEvent.OPERATE}),
    covers="설치되었거나 운영·중지 중인 카메라",
)

# -- scope of monitoring (14) -----------------------------------------------------------------------------------


def _without_scope(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    agreed = Q(monitoring_scope=MonitoringScope.LIVE) | (
        Q(monitoring_scope=MonitoringScope.EXCLUDED) & ~Q(monitoring_document="")
    )
    return rows.exclude(agreed & (_all_hours() | ~Q(after_hours_purpose="")))


def _all_hours() -> Q:
    """No hours of operation were set apart: the camera serves around the clock."""
    return (
        Q(operating_hours="")
        | Q(operating_hours__startswith="24시간")
        | Q(operating_hours__startswith="00:00-24:00")
    )


MONITORING_SCOPE = Rule(
    code="monitoring_scope",
    title="관제의 범위와 운영시간",
    article=14,
    subject=Subject.CAMERA,
    subjects=_in_service,
    unmet=_without_scope,
    evidence=lambda context: Case(
        When(monitoring_scope=MonitoringScope.UNKNOWN, then=Value("unknown")),
        When(monitoring_scope=MonitoringScope.EXCLUDED, monitoring_document="", then=Value("no_document")),
        default=Value("after_hours"),
    ),
    words={
        "unknown": "실시간 관제를 하는지 확인되지 않았습니다.",
        "no_document": "관제에서 제외하기로 협의한 문서가 없습니다.",
        "after_hours": "운영시간 외에 무엇에 활용하는지 적지 않았습니다.",
    },
    proof=lambda context: Case(
        When(monitoring_scope=MonitoringScope.LIVE, then=Value("실시간 관제")), default="monitoring_document"
    ),
    message="관제의 범위 또는 운영시간 외의 활용목적이 정해지지 않았습니다.",
    remedy="관제 범위를 정하고, 달리 정하였으면 협의서를 등록하십시오.",
    remedy_url="papers:file",
    mended_by="cameras.file_paper",
    citations=(Citation("제14조"),),
    gates=frozenset({LifecycleEvent.OPERATE}),
    covers="운영·중지 중인 카메라. 운영시간을 따로 정하지 않은 카메라는 24시간 운영하는 것으로 봅니다.",
)

# -- period of retention (24) -----------------------------------------------------------------------------------


def _registered(context: Context) -> QuerySet[Any]:
    return cameras_from(CameraState.PLANNED, context)


def _over_maximum(rows: QuerySet[Any], context: Context) -> QuerySet[Any]:
    maximum = int(context.parameter("retention_max_days").value)
    return rows.filter(lacks_retention_ground(context.on), retention_days__gt=maximum)


RETENTION_LIMIT = Rule(
    code="retention_limit",
    title="보관기간의 한도",
    article=24,
    subject=Subject.CAMERA,
    subjects=_registered,
    unmet=_over_maximum,
    message="더 오래 보관하도록 정한 다른 법령 없이 최대 보관기간을 넘겨 보관합니다.",
    remedy="보관일수를 줄이거나, 근거 법령의 조문·결정 문서·승인자·끝을 적으십시오. 사건의 영상은 삭제 유예를 거십시오.",
    remedy_url="cameras:edit",
    mended_by="cameras.change_camera",
    citations=(Citation("제24조제1항"), Citation("제41조", "guideline")),
    gates=frozenset({LifecycleEvent.OPERATE}),
    covers="철거되지 않은 모든 카메라",
    order=1,
)

# -- necessity (Guideline 48, item 8) ---------------------------------------------------------------------------

NECESSITY_MONTHS = "necessity_review_months"


def _reviewed(context: Context) -> Q:
    since = context.months_ago(NECESSITY_MONTHS)
    return Q(has_paper(PaperKind.NECESSITY_REVIEW, condition=Q(on__gte=since, on__lte=context.on)))


def _began_since(context: Context) -> Q:
    return Q(began_operating_since(context.months_ago(NECESSITY_MONTHS)))


def _to_be_reviewed(context: Context) -> QuerySet[Any]:
    return _in_service(context).filter(_reviewed(context) | ~_began_since(context))


def _not_yet_to_be_reviewed(context: Context) -> QuerySet[Any]:
    return _in_service(context).filter(_began_since(context) & ~_reviewed(context))


NECESSITY_REVIEW = Rule(
    code="necessity_review",
    title="설치 필요성 검토",
    article=None,
    other_law="표준 개인정보 보호지침 제48조",
    subject=Subject.CAMERA,
    subjects=_to_be_reviewed,
    unmet=lambda rows, context: rows.exclude(_reviewed(context)),
    proof=lambda context: last_paper(PaperKind.NECESSITY_REVIEW),
    exclusion=Exclusion(
        _not_yet_to_be_reviewed,
        lambda context: "운영을 시작한 지 검토 주기가 지나지 않아 아직 검토할 때가 아님",
    ),
    message="카메라가 계속 필요한지 정한 주기 안에 검토하지 않았습니다.",
    remedy="설치 필요성 검토서를 등록하고, 필요 없으면 철거하십시오.",
    remedy_url="papers:file",
    mended_by="cameras.file_paper",
    citations=(Citation("제48조제8호", "guideline"),),
    covers=(
        "운영·중지 중인 카메라. 운영을 시작한 기록이 검토 주기 안에 있으면 아직 검토할 때가 아니므로 판정하지 않습니다. "
        "조례에는 정한 바가 없습니다. 지침은 해마다 하는 자체점검에서 살피라고 하므로, 카메라마다 주기를 두는 것은 자치구의 기준입니다."
    ),
)

RULES = (AUDIO_OFF, CENTRE_LINK, MONITORING_SCOPE, RETENTION_LIMIT, NECESSITY_REVIEW)
