from django.apps import AppConfig

LEDGER_KINDS = {
    "records.viewing_received": "열람등 청구 접수",
    "records.viewing_confirmed": "열람등 청구인 연락 확인",
    "records.viewing_arrived": "열람등 결정 통지의 도달",
    "records.viewing_identified": "열람등 청구의 본인·대리인 확인",
    "records.viewing_code_issued": "열람등 청구의 확인번호 다시 발급",
    "records.viewing_range_added": "열람등 청구에 카메라·구간을 더함",
    "records.viewing_range_dropped": "둘레의 카메라를 열람등 청구에서 뺌",
    "records.viewing_range_taken_back": "뺀 카메라를 열람등 청구에 되돌림",
    "records.viewing_range_released": "뺀 카메라의 유예 해제",
    "records.viewing_frozen": "열람등 청구 영상 유예",
    "records.viewing_not_frozen": "열람등 청구 영상을 유예하지 않음",
    "records.viewing_holds_lapsed": "확인하지 못한 청구의 유예 종료",
    "records.viewing_holds_narrowed": "한도를 넘는 유예를 줄임",
    "records.viewing_secured": "열람등 청구 영상을 녹화기에서 확보",
    "records.provision_secured": "이용·제공 영상을 녹화기에서 확보",
    "records.viewing_searched": "열람등 청구의 영상 확인",
    "records.viewing_prepared": "열람등 결정안 작성",
    "records.viewing_sent_back": "열람등 결정안 반려",
    "records.viewing_masking_started": "열람할 영상의 가림 처리 시작",
    "records.viewing_masked": "열람할 영상의 가림 처리 완료",
    "records.viewing_supplement_asked": "열람등 청구의 보완 요청",
    "records.viewing_supplemented": "열람등 청구의 보완 접수",
    "records.viewing_lapsed": "보완하지 않은 열람등 청구 종결",
    "records.viewing_withdrawn": "열람등 청구 취하",
    "records.viewing_transferred": "열람등 청구 이송",
    "records.viewing_route_extended": "이송한 경로의 기한 연장",
    "records.viewing_route_answered": "이송한 경로의 답",
    "records.viewing_taken_back": "이송한 청구를 다시 열람등 청구로 처리",
    "records.viewing_decided": "열람등 청구 결정",
    "records.viewing_undecided": "통지하지 않은 열람등 결정을 거둠",
    "records.viewing_reopened": "열람등 청구를 다시 결정",
    "records.viewing_notified": "열람등 청구 결정 통지",
    "records.viewing_postponed": "열람 연기 통지",
    "records.viewing_postponement_ended": "열람 연기 사유 종료",
    "records.viewing_objected": "열람등 결정에 이의신청",
    "records.viewing_objection_extended": "열람등 이의신청의 답변기한 연장",
    "records.viewing_objection_answered": "열람등 이의신청에 답변",
    "records.viewing_remedy_filed": "열람등 청구의 불복 절차 기록",
    "records.viewing_remedy_ended": "열람등 청구의 불복 절차 종료",
    "records.viewing_message_sent": "열람등 청구인에게 보낸 글",
    "records.viewing_message_came": "열람등 청구인이 보낸 글",
    "records.viewing_contact_changed": "열람등 청구인의 연락처 변경",
    "records.viewing_time_wished": "열람등 청구인이 원하는 다른 일시",
    "records.viewing_paper_read": "열람등 청구의 서류를 봄",
    "records.viewing_papers_seen": "열람등 청구의 서류를 창구에서 확인",
    "records.viewing_papers_kept": "열람등 청구의 서류 사본 접수",
    "records.viewing_identity_copies_erased": "열람등 청구인의 신분증 사본 파기",
    "records.viewing_joined": "같은 내용의 열람등 청구를 함께 처리",
    "records.viewing_shown": "영상 열람",
    "records.viewing_missed": "열람하러 오지 않음",
    "records.viewing_rescheduled": "열람 일시 변경",
    "records.viewing_corrected": "영상의 정정·삭제 결과 통지",
    "records.viewing_waived": "열람등 결정에 이의제기 포기",
    "records.viewing_dismissed": "열람등 청구 종결",
    "records.viewing_released": "열람등 청구 영상의 유예 해제",
    "records.viewing_person_read": "열람등 청구인 정보 열람",
    "records.viewing_persons_erased": "열람등 청구인 정보 파기",
}
PROVISION_KINDS = {
    "records.agency_unit_added": "제공받는 기관 등록",
    "records.agency_unit_changed": "제공받는 기관 정정",
    "records.authority_granted": "결재권 기록",
    "records.authority_ended": "결재권 종료",
    "records.provision_received": "이용·제공 요청 접수",
    "records.provision_widened": "이용·제공 카메라 추가",
    "records.provision_narrowed": "이용·제공 카메라 제외",
    "records.provision_reviewed": "이용·제공 검토",
    "records.provision_unidentifiable": "식별할 수 없음을 확인",
    "records.provision_approved": "이용·제공 결재",
    "records.provision_call_confirmed": "전화 승인의 확인",
    "records.provision_call_denied": "전화 승인의 부인",
    "records.provision_extension_asked": "이용 기간 연장을 올림",
    "records.provision_extension_refused": "이용 기간을 연장하지 않음",
    "records.provision_sent_back": "이용·제공 반려",
    "records.provision_refused": "이용·제공 불승인",
    "records.provision_withdrawn": "이용·제공 취하",
    "records.provision_approved_after": "긴급 제공의 사후승인",
    "records.provision_refused_after": "긴급 제공의 사후승인 거부",
    "records.provision_restricted": "제공의 제한 요청",
    "records.provision_restriction_answered": "제한 요청의 회신",
    "records.provision_handed_over": "영상의 이용·제공",
    "records.provision_receipt_filed": "인수증 첨부",
    "records.provision_extended": "이용 기간 연장",
    "records.provision_chased": "이용·제공 독촉",
    "records.provision_copy_ended": "제공한 사본의 반환·파기",
    "records.provision_recalled": "제공한 영상의 회수 요구",
    "records.provision_published": "목적 외 이용·제공 게시",
    "records.provision_taken_down": "목적 외 이용·제공 게시 종료",
    "records.provision_subject_told": "정보주체 통지",
    "records.provision_consent_withdrawn": "이용·제공의 동의 철회",
    "records.provision_ended": "이용·제공 종결",
    "records.provision_released": "이용·제공 영상의 유예 해제",
    "records.provision_person_read": "이용·제공 요청자 정보 열람",
    "records.provision_persons_erased": "이용·제공 요청자 정보 파기",
}
PEOPLE_KINDS = {
    "records.staff_imported": "인력 명단 가져오기",
    "records.duty_imported": "근무표 가져오기",
    "records.incidents_imported": "상황 가져오기",
    "records.access_log_imported": "접속기록 가져오기",
    "records.access_reviewed": "접속기록 점검",
    "records.access_review_signed": "접속기록 점검의 서명",
    "records.access_review_countersigned": "접속기록 점검에 함께 서명",
    "records.access_finding_explained": "접속기록 점검의 소명",
    "records.access_finding_judged": "접속기록 점검의 판정",
    "records.access_finding_measured": "부당한 열람에 대한 조치",
    "records.access_words_erased": "접속기록 점검의 소명·판정 글 파기",
    "records.staff_persons_erased": "인력 인적사항 파기",
}


LOOK_KINDS = {
    "records.footage_opened": "영상 재생 허가",
    "records.footage_closed": "영상 재생 마침",
    "records.footage_still": "정지화면 저장",
}
REDACTION_KINDS = {
    "records.redaction_proposed": "영상 가림 처리 시작",
    "records.redaction_making": "가린 사본 만들기 시작",
    "records.redaction_made": "가린 사본 완성",
    "records.redaction_broken": "가린 사본을 만들지 못함",
    "records.redaction_sent_back": "가린 사본 돌려보냄",
    "records.redaction_checked": "가린 사본 확인",
    "records.redaction_dropped": "영상 가림 처리 그만둠",
}
COPY_KINDS = {
    "records.copy_asked": "영상 사본 요청",
    "records.copy_decided": "가리지 않은 원본의 사본 결정",
    "records.copy_made": "영상 사본 만듦",
    "records.copy_sealed": "영상 사본 봉함",
    "records.copy_taken": "봉한 사본을 매체에 담으려고 내려받음",
    "records.copy_handed_over": "영상 사본을 매체로 인계",
    "records.copy_receipt_filed": "영상 사본의 인수증 첨부",
    "records.copy_download_opened": "영상 사본의 내려받기를 엶",
    "records.copy_downloaded": "청구인이 영상 사본을 내려받음",
    "records.copy_withdrawn": "영상 사본을 거두어들임",
    "records.copy_ended": "기간이 지난 사본의 파일 파기",
}


class RecordsConfig(AppConfig):
    """Viewing requests, provision, access, training."""

    name = "records"
    verbose_name = "관제·열람·제공 기록"

    def ready(self) -> None:
        from footage import holds
        from ledger import checks, kinds
        from ordinance import due, rules
        from records.access import cases, gates, network
        from records.access_log import duties as access_log_duties
        from records.access_log import keeping as access_log_keeping
        from records.access_log import words_of_persons
        from records.access_log.rules import competence as access_log_competence
        from records.competence import courses, outside, personal_data, pledges, sessions, standing
        from records.competence import due as competence_due
        from records.competence import gates as competence_gates
        from records.internal_plan import checking as internal_plan_checking
        from records.internal_plan import due as internal_plan_due
        from records.internal_plan import writing as internal_plan_writing
        from records.people import duty_due, off_duty, visits
        from records.people import kinds as people_kinds
        from records.people import persons as staff_persons
        from records.people import searching as people_searching
        from records.permissions import gate as permission_gate
        from records.permissions import granting, reviewing
        from records.provision import next_step as provision_next_step
        from records.provision import persons as provision_persons
        from records.provision import providers as provision_providers
        from records.provision import release as provision_release
        from records.provision import searching as provision_searching
        from records.rules import RULES
        from records.self_inspection import inspecting
        from records.self_inspection.due import last_year
        from records.viewing import (
            against_ledger,
            next_step,
            papers,
            persons,
            providers,
            release,
            searching,
        )

        for kind, label in (
            LEDGER_KINDS
            | PROVISION_KINDS
            | PEOPLE_KINDS
            | people_kinds.KINDS
            | visits.KINDS
            | LOOK_KINDS
            | REDACTION_KINDS
            | COPY_KINDS
            | inspecting.KINDS
        ).items():
            kinds.register(kind, label)
        for module in (
            courses,
            sessions,
            outside,
            pledges,
            competence_gates,
            granting,
            reviewing,
            access_log_keeping,
            internal_plan_writing,
            internal_plan_checking,
        ):
            for kind, label in module.KINDS.items():
                kinds.register(kind, label)
        for rule in RULES:
            rules.register(rule)
        due.register("records.self_inspection", last_year)
        due.register("records.access_log", access_log_duties.due_items)
        due.register("records.duty", duty_due.items)
        for code, verb, *needs in (
            *providers.DEEDS,
            *provision_providers.DEEDS,
            *access_log_duties.DEEDS,
            *duty_due.DEEDS,
        ):
            due.declare(code, verb, *needs)
        competence_due.declare()
        for code, verb in (
            ("records.permission_asked", "승인하기"),
            ("records.permission_review", "점검하기"),
        ):
            due.declare(code, verb, "records.decide_camerapermission")
        own = competence_due.PROVIDERS | reviewing.PROVIDERS
        for name, provider in (providers.ALL | provision_providers.ALL | own).items():
            due.register(name, provider)
        checks.register("viewing", against_ledger.TITLE, against_ledger.check_all)
        holds.ask_before_release(release.objection, of=release.is_of_request)
        holds.ask_before_release(provision_release.objection, of=provision_release.is_of_provision)
        cases.register_own()
        gates.register_own()
        network.register()
        papers.register()
        competence_gates.register()
        permission_gate.register()
        access_log_competence.register(standing.lacking)
        pledges.register_persons()
        off_duty.register()
        personal_data.register()
        persons.register()
        provision_persons.register()
        staff_persons.register()
        words_of_persons.register()
        next_step.listen()
        internal_plan_due.listen()
        provision_next_step.listen()
        visits.listen()
        searching.listen()
        provision_searching.listen()
        people_searching.listen()
