"""The ledger's words for staff, duty, handover and incidents."""

STAFF_ENTERED = "records.staff_entered"
STAFF_CHANGED = "records.staff_changed"
STAFF_ENDED = "records.staff_ended"
ROTA_KEPT = "records.duty_rota_kept"
DUTY_GENERATED = "records.duty_generated"
SHIFT_ADDED = "records.duty_shift_added"
SHIFT_REMOVED = "records.duty_shift_removed"
ABSENT = "records.duty_absent"
STOOD_IN = "records.duty_stood_in"
SWAP_ASKED = "records.duty_swap_asked"
SWAP_ANSWERED = "records.duty_swap_answered"
CHECK_KEPT = "records.handover_check_kept"
HANDED_OVER = "records.handover_given"
TAKEN_OVER = "records.handover_accepted"
INCIDENT_ENTERED = "records.incident_entered"
INCIDENT_TOLD = "records.incident_told"
INCIDENT_HELD = "records.incident_held"
TURNED = "records.camera_turned"
TURNED_BACK = "records.camera_turned_back"
CONTACT_KEPT = "records.emergency_contact_kept"
DRILLED = "records.emergency_drill_entered"

KINDS = {
    STAFF_ENTERED: "인력 등록",
    STAFF_CHANGED: "인력 고침",
    STAFF_ENDED: "인력의 근무 종료",
    ROTA_KEPT: "근무조 정함",
    DUTY_GENERATED: "근무표 짜기",
    SHIFT_ADDED: "근무 등록",
    SHIFT_REMOVED: "근무 취소",
    ABSENT: "결근 등록",
    STOOD_IN: "대신 근무 등록",
    SWAP_ASKED: "근무 교환 요청",
    SWAP_ANSWERED: "근무 교환의 답",
    CHECK_KEPT: "교대 점검 항목 정함",
    HANDED_OVER: "근무 인계",
    TAKEN_OVER: "근무 인수",
    INCIDENT_ENTERED: "상황 입력",
    INCIDENT_TOLD: "상황의 통보·결과 입력",
    INCIDENT_HELD: "상황의 영상 유예",
    CONTACT_KEPT: "비상연락망 정함",
    DRILLED: "비상연락 훈련 입력",
    TURNED: "카메라의 회전·확대",
    TURNED_BACK: "카메라를 등록 방향으로 되돌림",
    "records.incident_persons_erased": "상황을 통보받은 사람의 인적사항 파기",
}
