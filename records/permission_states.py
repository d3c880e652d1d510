"""접근권한의 상태: which step may follow which state."""

from casework.moves import AllowedMove, StateTable
from records.competence_enums import PermissionEvent, PermissionState

ARTICLE = "개인정보의 안전성 확보조치 기준 제5조"
_ASKED, _GRANTED = (PermissionState.ASKED,), (PermissionState.GRANTED,)
ENDING = (PermissionEvent.REPLACE, PermissionEvent.REVOKE, PermissionEvent.CUT, PermissionEvent.LAPSE)

TABLE = StateTable(
    (
        AllowedMove(PermissionEvent.ASK, ("",), PermissionState.ASKED, ARTICLE),
        AllowedMove(PermissionEvent.GRANT, _ASKED, PermissionState.GRANTED, ARTICLE),
        AllowedMove(PermissionEvent.REFUSE, _ASKED, PermissionState.REFUSED, ARTICLE, is_forward=False),
        AllowedMove(PermissionEvent.WITHDRAW, _ASKED, PermissionState.WITHDRAWN, ARTICLE, is_forward=False),
        *(AllowedMove(event, _GRANTED, PermissionState.ENDED, ARTICLE, is_forward=False) for event in ENDING),
    ),
    states=PermissionState,
    events=PermissionEvent,
)
