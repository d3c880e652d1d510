from django.apps import AppConfig

LEDGER_KINDS = {
    "cameras.policy_published": "운영·관리 방침 공고",
    "cameras.imported": "카메라 대장 가져오기",
    "cameras.bulk_changed": "카메라 일괄 변경",
    "cameras.bulk_undone": "카메라 일괄 변경·가져오기 되돌림",
    "cameras.consultation_published": "의견수렴 공고",
    "cameras.consultation_extended": "의견수렴 연장",
    "cameras.consultation_closed": "의견수렴 조기 종료",
    "cameras.consultation_result_published": "의견수렴 결과 공고",
    "cameras.consultation_result_corrected": "의견수렴 결과 정정",
    "cameras.opinions_answered": "의견 처리",
    "cameras.opinion_hidden": "의견 비공개 처리",
    "cameras.opinion_shown": "의견 비공개 해제",
    "cameras.opinion_person_read": "의견 제출자 인적사항 열람",
    "cameras.opinion_file_read": "의견 첨부 파일 내려받기",
    "cameras.opinion_person_erased": "의견 제출자 인적사항 파기",
    "cameras.sign_made": "안내판 제작",
    "cameras.sign_put_up": "안내판 설치",
    "cameras.sign_checked": "안내판 사진 확인",
    "cameras.sign_retired": "안내판 교체·철거",
    "cameras.sign_date_corrected": "안내판 설치일 정정",
    "cameras.sign_substituted": "안내판 갈음 결정",
    "cameras.sign_photos_erased": "안내판 확인 사진 파기",
    # Written until attachments had a home of their own (`casework.loose_files_erased`).
    "cameras.loose_files_erased": "쓰지 않은 첨부 파일 파기",
    "cameras.lifecycle": "카메라 상태 변경",
    "cameras.lifecycle_corrected": "카메라 상태 변경의 날짜 정정",
    "cameras.project_opened": "설치 사업 등록",
    "cameras.project_changed": "설치 사업 변경",
    "cameras.project_closed": "설치 사업 종료",
    "cameras.paper_filed": "서류 등록",
    "cameras.paper_withdrawn": "서류 취소",
    "cameras.prior_consultation_asked": "사전협의 요청",
    "cameras.prior_consultation_replied": "사전협의 회신",
    "cameras.prior_consultation_withdrawn": "사전협의 철회",
    "cameras.prior_consultation_condition_fulfilled": "사전협의 조건 이행",
}


class CamerasConfig(AppConfig):
    """Sites, cameras and their lifecycle."""

    name = "cameras"
    verbose_name = "카메라 대장"

    def ready(self) -> None:
        from cameras import (
            contract_reminders,
            contractor_supervision,
            contracts,
            next_steps,
            prior_consultation_due,
            reentrustment,
            rules,
            searching,
            sign_reports,
        )
        from cameras.consultation import due as consultation_due
        from cameras.consultation import experts, people, proofs
        from cameras.signs import due as signs_due
        from ledger import checks, kinds
        from ordinance.rules import register

        sign_reports.listen()
        people.register()
        signs_due.listen()
        for rule in rules.RULES:
            register(rule)
        consultation_due.listen()
        prior_consultation_due.listen()
        contract_reminders.listen()
        next_steps.listen()
        searching.listen()
        checks.register("consultation_results", proofs.TITLE, proofs.check)
        kinds_of_contracts = (
            contracts.LEDGER_KINDS | reentrustment.LEDGER_KINDS | contractor_supervision.LEDGER_KINDS
        )
        for kind, label in (LEDGER_KINDS | experts.KINDS | kinds_of_contracts).items():
            kinds.register(kind, label)
