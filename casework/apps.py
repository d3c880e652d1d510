from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """What every matter of the office shares; it knows none of them."""

    name = "casework"
    verbose_name = "업무 공통"

    def ready(self) -> None:
        from accounts import resealing
        from casework import (
            account_holders,
            attachments,
            loose_files,
            next_steps,
            offices,
            privacy,
            role_change_proofs,
            role_changes,
            rules,
            witnessing,
        )
        from casework.models import RoleChange
        from ledger import checks, kinds
        from ordinance import due
        from ordinance.rules import register

        resealing.register("casework.attachments", attachments.reseal)
        kinds.register(loose_files.KIND_ERASED, "쓰지 않은 첨부 파일 파기")
        kinds.register(privacy.KIND_PUBLISHED, "개인정보 처리방침 공개")
        for kind, label in (
            *role_changes.KINDS.items(),
            *account_holders.KINDS.items(),
            *offices.KINDS.items(),
        ):
            kinds.register(kind, label)
        checks.register("role_changes", role_change_proofs.TITLE, role_change_proofs.check_all)
        for rule in rules.RULES:
            register(rule)
        due.register("casework.witness", witnessing.due_items)
        due.register("casework.role_changes", role_changes.due_items)
        due.register("casework.account_holders", account_holders.due_items)
        next_steps.register(RoleChange, next_steps.each(role_changes.next_step))
        due.declare("casework.role_change", "확인하기", role_changes.CONFIRM)
        due.declare("casework.account_holder", "확인하기", account_holders.CONFIRM)
        due.declare("casework.privacy_policy", "새 판 공고하기", "casework.publish_privacypolicy")
        due.declare("casework.witness", "외부 대조 보기", "ledger.view_signedhead")
        due.register("casework.privacy_policy", privacy.due_items)
