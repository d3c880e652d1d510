from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Figures and every document."""

    name = "reports"
    verbose_name = "보고서"

    def ready(self) -> None:
        from ledger import kinds
        from ordinance import due as due_items
        from reports import handed_out
        from reports.letters import (
            committee,
            consultation,
            due,
            general,
            outgoing,
            own_data,
            provision,
            searching,
            templates,
            viewing,
            waiting,
        )
        from reports.yearly import due as yearly_due
        from reports.yearly import papers

        kinds.register("reports.issued", "보고서 발행")
        kinds.register("reports.certified", "파기 확인서 발급")
        kinds.register("reports.official_ledger_made", "관리대장 작성")
        kinds.register("reports.inspection_bundled", "점검 묶음 작성")
        kinds.register(handed_out.HANDED_OUT, "확정한 문서 내려받기")
        kinds.register("reports.official_ledger_read", "관리대장의 인적사항 보기")
        kinds.register(templates.CHANGED, "공문 문안 변경")
        kinds.register(outgoing.NUMBERED, "공문 번호 부여")
        kinds.register(outgoing.SENT, "공문 발송")
        kinds.register(outgoing.VOIDED, "공문을 발송하지 않기로 함")
        kinds.register(outgoing.OPENED, "공문 내려받기")
        kinds.register(own_data.SEARCHED, "본인에 관한 개인정보 찾기")
        kinds.register(outgoing.ERASED, "공문 내용 파기")
        for kind, label in papers.LEDGER_KINDS.items():
            kinds.register(kind, label)
        for module in (viewing, provision, consultation, committee, general, own_data):
            module.register()
        outgoing.register()
        searching.listen()
        waiting.listen()
        due_items.declare(due.CODE, "발송 기록", due.SEND)
        due_items.register(due.CODE, due.unsent)
        due_items.declare(yearly_due.CODE, "확정하기", "reports.change_yearlypaper")
        due_items.register(yearly_due.CODE, yearly_due.last_year)
