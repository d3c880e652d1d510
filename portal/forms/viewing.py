"""Forms for requests to see footage: one for each step of an officer."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from casework.resident_numbers import refuse_resident_number
from ordinance import grounds, parameters
from portal.forms.fields import day_field, moment_field
from portal.forms.footage import ANY, Filter
from portal.matter_letters import NUMBER_HELP
from records.enums import (
    Attendance,
    DecisionOutcome,
    FeeExemption,
    FeeForm,
    IdentityDocument,
    Mandate,
    NoticeWay,
    PostponeGround,
    Pretext,
    RemedyKind,
    RemedyOutcome,
    RequesterRole,
    RequestKind,
    RequestState,
    SignatureWay,
    outcome_label,
)
from records.models import RequestedCamera, ViewingRemedy, ViewingRequest
from records.viewing import (
    decisions,
    drafts,
    fees,
    next_step,
    notices,
    objections,
    postponement,
    proof,
    remedies,
    search_results,
)
from records.viewing.appointments import Viewing
from records.viewing.decisions import Answer, RangeAnswer
from records.viewing.fees import Fee
from records.viewing.notices import Letter

LATE, NOT_LATE = "late", "in_time"
WORDS_OF_PERSONS = "청구인이나 다른 사람의 이름, 연락처는 적지 마십시오."


def _words(label: str, *, longest: int, rows: int = 3, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[refuse_resident_number],
        **kwargs,
    )


def _wish() -> forms.CharField:
    return _words(
        "청구인이 더 뒤의 날을 원한 것",
        longest=notices.MAX_WISH,
        rows=2,
        required=False,
        help_text=f"답할 기한보다 뒤의 열람 일시는 청구인이 원할 때에만 정합니다. 언제 어떻게 말했는지 적습니다. {WORDS_OF_PERSONS}",
    )


class ViewingFilter(Filter):
    LATE, TODAY = "late", "today"
    DAYS = {LATE: -1, TODAY: 0, "3": 3, "7": 7}

    state = forms.ChoiceField(label="단계", required=False, choices=[ANY, *RequestState.choices])
    by = forms.ChoiceField(
        label="다음에 할 사람",
        required=False,
        choices=[ANY, (next_step.DECIDE, "결정하는 사람"), (next_step.HANDLE, "처리하는 사람")],
    )
    due = forms.ChoiceField(
        label="답할 기한",
        required=False,
        choices=[ANY, (LATE, "지남"), (TODAY, "오늘까지"), ("3", "3일 안"), ("7", "7일 안")],
    )
    contested = forms.BooleanField(label="불복 절차 진행 중", required=False)
    q = forms.CharField(label="접수번호·관리번호·주소", required=False, max_length=100)

    def until(self, due: str) -> date | None:
        """The last day of what is chosen."""
        return timezone.localdate() + timedelta(days=self.DAYS[due])


class ConfirmForm(forms.Form):
    note = _words("통화한 내용", longest=500, rows=2, required=False, help_text=WORDS_OF_PERSONS)


class IdentifyForm(forms.Form):
    document = forms.ChoiceField(
        label="무엇으로 확인했습니까?", choices=IdentityDocument.choices, widget=forms.RadioSelect
    )
    mandate = forms.ChoiceField(
        label="대리인임을 보이는 서류", choices=Mandate.choices, widget=forms.RadioSelect
    )
    note = _words("확인한 것", longest=500, rows=2, required=False, help_text=WORDS_OF_PERSONS)

    def __init__(self, *args: Any, shown: ViewingRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if shown.requester_role == RequesterRole.SUBJECT:
            del self.fields["mandate"]


class ReasonOnlyForm(forms.Form):
    reason = _words("사유", longest=500, rows=2, help_text=WORDS_OF_PERSONS)


class SecureForm(forms.Form):
    note = _words(
        "녹화기에서 확인하고 한 일",
        longest=500,
        rows=2,
        help_text="예: 녹화기에서 해당 구간을 따로 저장함, 해당 구간에 녹화가 없음.",
    )


class AnswersForm(forms.Form):
    """An outcome for each of these kinds; only the grounds that fit the kind are offered."""

    kinds: Sequence[RequestKind] = ()

    def ask(self, shown: ViewingRequest, kinds: Sequence[RequestKind]) -> None:
        self.kinds = kinds
        absent = search_results.not_there(shown)
        drafted = search_results.proof_of(absent) if absent else proof.draft(shown)
        gone = {each.line_id for each in absent}
        lines = [line for line in shown.cameras.standing().select_related("camera") if line.pk not in gone]
        # Of one camera the whole is said; what is not there is told with its proof whatever is decided.
        self.lines = lines if len(lines) > 1 else []
        for kind in self.kinds:
            self._add(kind, drafted)
            for line in self.lines:
                self._add_line(kind, line)

    def _add(self, kind: RequestKind, drafted: str) -> None:
        outcomes = [(each.value, outcome_label(kind, each)) for each in decisions.OUTCOMES[kind]]
        self.fields[f"{kind}-outcome"] = forms.ChoiceField(
            label=f"{kind.label}: 결정", choices=outcomes, widget=forms.RadioSelect
        )
        self.fields[f"{kind}-national_ground"] = _ground(
            f"{kind.label}: 법의 사유",
            grounds.national_for_refusal(kind),
            f"{decisions.ARTICLES[kind]}. 거절하거나 일부만 허용할 때 고릅니다.",
        )
        self.fields[f"{kind}-ground"] = _ground(
            f"{kind.label}: 조례 제22조제2항의 사유",
            grounds.for_refusal(kind),
            "다른 사람이 찍혔으면 거절하지 않고 가림 처리합니다(표준 개인정보 보호지침 제46조)."
            if kind == RequestKind.VIEWING
            else "",
        )
        self.fields[f"{kind}-reason"] = _words(
            f"{kind.label}: 구체적인 사유",
            longest=decisions.MAX_TEXT,
            required=False,
            help_text="허용이 아니면 반드시 적습니다.",
        )
        if kind == RequestKind.CORRECTION:
            self.fields[f"{kind}-investigation"] = _words(
                f"{kind.label}: 조사한 결과",
                longest=decisions.MAX_TEXT,
                required=False,
                help_text="무엇을 어떻게 조사하여 무엇을 알았는지 적습니다(법 제36조제2항). 청구인에게 함께 알립니다.",
            )
        if kind == RequestKind.VIEWING:
            self.fields[f"{kind}-pretext"] = forms.ChoiceField(
                label=f"{kind.label}: 보이기 어려운 사정",
                choices=[("", "없음"), *Pretext.choices],
                required=False,
                widget=forms.RadioSelect,
                help_text="흔히 드는 사정입니다. 고르면 법이 무엇이라 하는지, 무엇을 할 수 있는지 알려 드립니다.",
            )
            self.fields[f"{kind}-beyond_masking"] = _words(
                f"{kind.label}: 가림 처리로 부족한 까닭",
                longest=decisions.MAX_TEXT,
                required=False,
                rows=2,
                help_text="다른 사람의 이익 때문에 전부를 거절할 때에만 적습니다. 청구인에게 함께 알립니다.",
            )
        self.fields[f"{kind}-proof"] = _words(
            f"{kind.label}: 영상이 없다는 증명",
            longest=decisions.MAX_TEXT,
            required=False,
            initial=drafted,
            help_text="‘영상 없음’일 때 청구인에게 알립니다. 기록에서 찾은 내용이니 확인하고 고치십시오.",
        )

    def _add_line(self, kind: RequestKind, line: RequestedCamera) -> None:
        """What this camera and range gets, where it is not what the whole gets."""
        first, last = timezone.localtime(line.from_at), timezone.localtime(line.until_at)
        label = f"{kind.label}: {line.camera.number} {first:%Y-%m-%d %H:%M} ~ {last:%H:%M}"
        outcomes = [(each.value, outcome_label(kind, each)) for each in decisions.OUTCOMES[kind]]
        self.fields[f"{kind}-{line.pk}-outcome"] = forms.ChoiceField(
            label=label, choices=[("", "위 결정과 같음"), *outcomes], required=False
        )
        self.fields[f"{kind}-{line.pk}-national_ground"] = _ground(
            f"{label}: 법의 사유",
            grounds.national_for_refusal(kind),
            "이 카메라만 거절하거나 일부만 허용할 때 고릅니다.",
        )
        self.fields[f"{kind}-{line.pk}-reason"] = _words(
            f"{label}: 구체적인 사유나 증명",
            longest=decisions.MAX_TEXT,
            required=False,
            rows=2,
            help_text="위 결정과 다르면 적습니다. 청구인에게 알립니다.",
        )

    @property
    def answers(self) -> list[Answer]:
        return [self._answer(kind) for kind in self.kinds]

    def _answer(self, kind: RequestKind) -> Answer:
        given = self.cleaned_data
        chosen = {
            str(each.pk): each for each in (*grounds.for_refusal(kind), *grounds.national_for_refusal(kind))
        }
        is_missing = given[f"{kind}-outcome"] == DecisionOutcome.NOT_EXISTING
        return Answer(
            kind,
            given[f"{kind}-outcome"],
            reason=given[f"{kind}-reason"],
            ground=chosen.get(given[f"{kind}-ground"]),
            national_ground=chosen.get(given[f"{kind}-national_ground"]),
            proof=given[f"{kind}-proof"] if is_missing else "",
            beyond_masking=given.get(f"{kind}-beyond_masking", ""),
            investigation=given.get(f"{kind}-investigation", ""),
            pretext=given.get(f"{kind}-pretext", ""),
            ranges=tuple(
                self._range_answer(kind, line.pk, chosen)
                for line in self.lines
                if given[f"{kind}-{line.pk}-outcome"]
            ),
        )

    def _range_answer(self, kind: RequestKind, line: int, chosen: Mapping[str, Any]) -> RangeAnswer:
        given = self.cleaned_data
        outcome, reason = given[f"{kind}-{line}-outcome"], given[f"{kind}-{line}-reason"]
        return RangeAnswer(
            line,
            outcome,
            reason=reason,
            national_ground=chosen.get(given[f"{kind}-{line}-national_ground"]),
            proof=reason if outcome == DecisionOutcome.NOT_EXISTING else "",
        )


def _ground(label: str, rows: list[Any], help_text: str) -> forms.ChoiceField:
    choices = [("", "해당 없음"), *((str(row.pk), str(row)) for row in rows)]
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=help_text)


class DecisionForm(AnswersForm):
    """Whatever was asked for and is not answered yet."""

    def __init__(self, *args: Any, shown: ViewingRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask(shown, decisions.kinds_to_decide(shown))


class LetterForm(forms.Form):
    """What every notice says: when, how, what."""

    on = day_field("통지한 날", help_text="보낸 날이나 건넨 날. 이 날에 기한이 멈춥니다.")
    way = forms.ChoiceField(label="통지 방법", widget=forms.RadioSelect)
    document_number = forms.CharField(label="문서번호", max_length=100, required=False)
    reply = _words("청구인에게 알리는 내용", longest=notices.MAX_TEXT, rows=4)

    def __init__(self, *args: Any, shown: ViewingRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [way for way in NoticeWay if way != NoticeWay.WEB or shown.wants_web_notice]
        field: Any = self.fields["way"]
        field.choices = [(way.value, way.label) for way in ways]
        self.fields["on"].initial = timezone.localdate
        self.fields["document_number"].help_text = NUMBER_HELP

    @property
    def letter(self) -> Letter:
        given = self.cleaned_data
        return Letter(
            on=given["on"],
            way=given["way"],
            reply=given["reply"],
            document_number=given["document_number"],
            viewing_at=given.get("viewing_at"),
            viewing_place=given.get("viewing_place", ""),
            wish=given.get("wish", ""),
        )


class NoticeForm(LetterForm):
    viewing_at = moment_field("열람 일시", required=False, help_text="열람을 허용하면 반드시 적습니다.")
    viewing_place = forms.CharField(label="열람 장소", max_length=200, required=False)
    wish = _wish()


class PostponeForm(LetterForm, AnswersForm):
    """The viewing is postponed; what else was asked for is answered by the same letter."""

    ground = forms.ChoiceField(
        label="연기하는 사유의 종류", choices=PostponeGround.choices, widget=forms.RadioSelect
    )
    provision = forms.CharField(
        label="법령과 조문",
        max_length=200,
        required=False,
        help_text="‘다른 법령에 따른 절차’와 ‘그 밖의 정당한 사유’는 반드시 적습니다. 청구인에게 함께 알립니다.",
    )
    reason = _words("연기하는 구체적인 사유", longest=decisions.MAX_TEXT)
    until = day_field("사유가 끝날 것으로 보는 날")

    def __init__(self, *args: Any, shown: ViewingRequest, **kwargs: Any) -> None:
        super().__init__(*args, shown=shown, **kwargs)
        if drafts.pending(shown) is None:
            self.ask(shown, postponement.others_of(shown))
        days = postponement.longest_days(timezone.localdate())
        self.fields[
            "until"
        ].help_text = f"청구인에게 알리는 날입니다. 통지한 날부터 {days}일 안에서 한 번만 연기할 수 있습니다."


class DayForm(forms.Form):
    on = day_field("날짜")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate


class DocumentForm(DayForm):
    document_number = forms.CharField(label="문서번호", max_length=100)


class ObjectionForm(DayForm):
    document_number = forms.CharField(label="문서번호", max_length=100, required=False)


class ObjectionAnswerForm(LetterForm):
    outcome = forms.ChoiceField(
        label="결과",
        choices=[(each.value, each.label) for each in objections.OUTCOMES],
        widget=forms.RadioSelect,
        help_text="인용하거나 일부 인용하면 다시 결정하여 알립니다.",
    )


class ExtensionForm(LetterForm):
    days = forms.IntegerField(label="늘리는 날수", min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = parameters.value("objection_extension_days").value
        self.fields[
            "days"
        ].help_text = f"처음 기한의 다음 날부터 셉니다. {most}일까지 한 번만 늘릴 수 있습니다."
        self.fields["reply"].label = "늘리는 사유와 알리는 내용"


class RemedyForm(DayForm):
    """What was filed elsewhere."""

    kind = forms.ChoiceField(
        label="절차",
        choices=[(kind.value, kind.label) for kind in remedies.ELSEWHERE],
        widget=forms.RadioSelect,
    )
    number = forms.CharField(label="사건번호·접수번호", max_length=100)
    field_order = ("kind", "number", "on")


class RemedyEndForm(DocumentForm):
    outcome = forms.ChoiceField(label="결과", widget=forms.RadioSelect)
    field_order = ("outcome", "on", "document_number")

    def __init__(self, *args: Any, remedy: ViewingRemedy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_objection = remedy.kind == RemedyKind.OBJECTION
        offered = [RemedyOutcome.WITHDRAWN] if is_objection else list(RemedyOutcome)
        field: Any = self.fields["outcome"]
        field.choices = [(each.value, each.label) for each in offered]


class ShownForm(forms.Form):
    at = moment_field("열람을 시작한 때")
    until = moment_field("열람을 마친 때")
    attendance = forms.ChoiceField(
        label="누가 왔습니까?",
        choices=Attendance.choices,
        widget=forms.RadioSelect,
        help_text="경찰관은 필요하지 않습니다.",
    )
    note = _words(
        "보인 내용",
        longest=500,
        rows=2,
        help_text=f"어느 구간을 어떻게 보였는지 적습니다. {WORDS_OF_PERSONS}",
    )

    signature_way = forms.ChoiceField(
        label="청구인이 어떻게 확인했습니까?", choices=SignatureWay.choices, widget=forms.RadioSelect
    )
    signature = forms.FileField(
        label="서명한 파일",
        required=False,
        help_text="태블릿에 한 서명의 그림(PNG)이나 종이에 한 서명을 읽은 파일입니다. 화면에 서명했으면 반드시 올립니다.",
    )
    fee_form = forms.ChoiceField(label="내준 형태", choices=FeeForm.choices, widget=forms.RadioSelect)
    fee_units = forms.IntegerField(label="수량 (회·개·장)", min_value=1, max_value=1000, initial=1)
    fee_exemption = forms.ChoiceField(
        label="수수료를 받지 않는 까닭", choices=[("", "해당 없음"), *FeeExemption.choices], required=False
    )
    receipt = forms.CharField(label="영수증 번호", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        table = fees.table(timezone.localdate())
        amounts = ", ".join(f"{form.label} {won:,}원" for form, won in table.items())
        self.fields[
            "fee_form"
        ].help_text = (
            f"조례로 정한 수수료: {amounts}. 사본을 내주면 보인 내용에 무엇을 왜 내주었는지 적습니다."
        )

    @property
    def viewing(self) -> Viewing:
        given = self.cleaned_data
        return Viewing(
            at=given["at"],
            until=given["until"],
            note=given["note"],
            attendance=given["attendance"],
            signature_way=given["signature_way"],
            signature=given["signature"],
            fee=Fee(given["fee_form"], given["fee_units"], given["fee_exemption"], given["receipt"]),
        )


class MissedForm(forms.Form):
    note = _words("내용", longest=500, rows=2, required=False, help_text=WORDS_OF_PERSONS)


class RescheduleForm(forms.Form):
    at = moment_field("새 열람 일시")
    place = forms.CharField(label="열람 장소", max_length=200)
    note = _words("바꾼 까닭과 청구인에게 알린 방법", longest=299, rows=2, help_text=WORDS_OF_PERSONS)
    wish = _wish()


class CorrectionForm(LetterForm):
    what = _words(
        "정정하거나 삭제한 것과 방법",
        longest=500,
        rows=2,
        help_text=f"어느 저장장치의 어느 구간을 어떻게 했는지 적습니다. {WORDS_OF_PERSONS}",
    )


class DismissalForm(forms.Form):
    """Many requests of the list at once; each gets its own step and line."""

    requests = forms.ModelMultipleChoiceField(
        ViewingRequest.objects.none(), label="종결할 청구", widget=forms.CheckboxSelectMultiple
    )
    reason = _words(
        "종결하는 사유",
        longest=500,
        help_text=f"어떻게 연락했고 왜 청구인을 확인할 수 없었는지 적습니다. {WORDS_OF_PERSONS}",
    )
    document_number = forms.CharField(
        label="종결을 알린 문서번호",
        max_length=100,
        required=False,
        help_text="누리집으로 답을 받겠다고 하지 않은 청구가 있으면 반드시 적습니다. 그 청구에는 우편으로 알립니다.",
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["requests"]
        field.queryset = rows
        field.label_from_instance = _with_places


def _with_places(row: ViewingRequest) -> str:
    return " · ".join([row.receipt_number, *(f"{site.number} {site.address}" for site in row.sites[:3])])
