from django.apps import AppConfig

LEDGER_KINDS = {
    "cameras.imported": "카메라 대장 가져오기",
    "cameras.lifecycle": "카메라 상태 변경",
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
        from cameras import sign_reports
        from ledger import kinds

        sign_reports.listen()
        for kind, label in LEDGER_KINDS.items():
            kinds.register(kind, label)
