"""The ledger in words: who did it, what it was about, what the payload says. Names are looked up when shown;
the ledger itself holds references only."""

import json
import re
from typing import Any

from django.db.models import Q
from django.db.models.functions import Concat
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, localtime

from accounts.models import Officer
from accounts.networks import Kind as NetworkKind
from accounts.roles import Role
from accounts.second_factor import ProofWay
from cameras.enums import (
    ConsultationMethod,
    ConsultationReply,
    LifecycleEvent,
    OpinionChannel,
    OpinionDecision,
    PaperKind,
    PersonReadPurpose,
    SignProblem,
    SignReportOutcome,
    SubstituteReason,
)
from cameras.models import SignCheck
from casework.models import RoleChange
from committee.enums import (
    AnswerWay,
    EndGround,
    LateGround,
    LinkPurpose,
    Office,
    Outcome,
    RecusalKind,
    SeatGround,
)
from committee.enums import NoticeWay as CalledBy
from ledger import kinds
from ordinance import rules
from portal.exports import ExportPurpose
from portal.field_words import field_word
from portal.models import SessionEnd
from records.competence_enums import PermissionScope, PledgeKind, ReviewVerdict
from records.copy_enums import CopySource, CopyWay, UnmaskedGround
from records.enums import (
    ConfirmedBy,
    DecisionOutcome,
    IdentityDocument,
    Mandate,
    NoticeWay,
    PostponeGround,
    RemedyAgainst,
    RemedyKind,
    RemedyOutcome,
    RequestChannel,
    TransferTo,
)
from records.look_enums import LookCase, LookEnd, LookStep
from records.provision_enums import (
    ApprovalCapacity,
    ApprovalOutcome,
    ApprovalStep,
    ApprovalWay,
    ChaserAbout,
    CommitteeCare,
    EndingKind,
    Medium,
    PurposeRelation,
    ReleaseForm,
    ReleaseKind,
    SubjectNoticeOutcome,
)
from reports.handed_out import TITLES
from reports.letters.kinds import KINDS as LETTERS
from reports.models import SendingWay

_ACTORS = {"system": "시스템", "command": "명령", "officer": "담당자"}
# Parts of the system that act by themselves; a command is named as it is typed.
_PARTS = {
    "assess": "조례 점검",
    "cameras": "카메라 대장",
    "clock": "시계",
    "failures": "오류 처리",
    "claims": "영상 배정",
    "due_dates": "처리기한",
    "erase_opinion_persons": "의견 인적사항 파기",
    "footage": "영상",
    "holidays": "공휴일",
    "import": "가져오기",
    "login": "로그인",
    "looks": "영상 재생",
    "permissions": "접근권한",
    "migrate": "설치",
    "records": "열람등 청구",
    "redaction": "영상 가리기",
    "role_changes": "권한 변경",
    "rehearsal": "모의 실행",
    "sweep": "파기 실행",
    "website": "누리집",
}
_SUBJECTS = {
    "consultation": "의견수렴",
    "opinion": "제출의견",
    "officer": "담당자",
    "department": "부서",
    "institution": "관리기관",
    "camera": "카메라",
    "site": "설치장소",
    "hold": "삭제 유예",
    "sweep": "파기 실행",
    "storage": "저장소",
    "folder": "미등록 폴더",
    "proof": "일일 파기 확인",
    "report": "보고서",
    "list": "목록",
    "holiday": "공휴일",
    "policy": "운영·관리 방침",
    "import": "대장 가져오기",
    "register": "카메라 대장",
    "sample": "표본 자료",
    "due_date": "처리기한",
    "confirmation": "자동삭제 확인",
    "assessment": "조례 점검",
    "rule": "점검 규칙",
    "rule_exception": "점검 예외",
    "contract": "위탁 계약",
    "project": "설치 사업",
    "lifecycle": "상태 변경 처리",
    "paper": "서류",
    "prior_consultation": "사전협의",
    "operation_policy": "운영·관리 방침",
    "viewing": "열람등 청구",
    "viewing_request": "열람등 청구",
    "viewing-requests": "열람등 청구",
    "change-group": "함께 바뀐 카메라",
    "privacy-policy": "개인정보 처리방침",
    "sign-report": "안내판 신고",
    "sign-reports": "안내판 신고",
    "provision": "이용·제공",
    "provisions": "이용·제공",
    "agency-unit": "제공받는 기관",
    "approval-authority": "결재권",
    "resolution": "의결",
    "committee-member": "운영위원",
    "agenda-item": "운영위원회 안건",
    "minutes": "회의록",
    "allowances": "위원회 수당",
    "meeting": "운영위원회 회의",
    "committee-members": "운영위원",
    "committee-term": "운영위원 임기",
    "self-inspection": "자체점검",
    "internal-plan": "내부 관리계획",
    "internal-plan-check": "내부 관리계획 이행 점검",
    "deletion_confirmation": "자동삭제 확인",
    "clock_confirmation": "시계 확인",
    "unclaimed_folder": "미등록 폴더",
    "key": "원장 서명 키",
    "head": "원장 봉인",
    "map": "지도",
    "vault": "증거 보관함",
    "official-ledger": "관리대장",
    "inspection": "점검 묶음",
    "footage": "영상 보관",
    "clock": "시계",
    "shortening": "보관기간 단축",
    "cell": "저장된 값",
    "staff": "인력",
    "course": "교육 과정",
    "training-plan": "교육 계획",
    "training-session": "교육",
    "training": "교육 이수",
    "pledge-text": "서약서 문안",
    "pledge": "보안서약",
    "camera-permission": "카메라 접근권한",
    "permission-review": "접근권한 점검",
    "duty": "근무",
    "document": "공문",
    "documents": "공문",
    "letter-template": "공문 문안",
    "own-data": "본인의 개인정보",
    "incidents": "상황",
    "duty-rota": "근무조",
    "duty-shift": "근무",
    "duty-swap": "근무 교환",
    "handover": "인수인계",
    "handover-check": "교대 점검 항목",
    "emergency-contact": "비상연락망의 직무",
    "emergency-drill": "비상연락 훈련",
    "incident": "상황",
    "visit": "출입",
    "visits": "출입",
    "access-log": "접속기록 파일",
    "access-review": "접속기록 점검",
    "access-finding": "접속기록 점검에서 찾은 것",
    "access-findings": "접속기록 점검에서 찾은 것",
    "yearly": "연간 문서",
    "copy": "영상 사본",
}
_KEYS = {
    "paper": "문서",
    "papers": "서류",
    "copies": "파기한 사본 수",
    "key_id": "서명 키",
    "written_for": "본인을 대신하여 적음",
    "judgement": "판단",
    "improper": "부적정으로 판단한 것",
    "findings": "찾은 것",
    "explained": "사건·근무와 맞는 행",
    "added": "새로 찾은 것",
    "awaits_second": "다른 사람의 확인을 기다림",
    "reviewed": "점검한 달",
    "course": "교육 과정 번호",
    "is_new": "새로 만듦",
    "minutes": "시간(분)",
    "session": "교육 번호",
    "staff": "사번",
    "passed": "이수한 사람 수",
    "attended": "출석한 사람 수",
    "training": "이수 기록 번호",
    "pledge_kind": "서약의 구분",
    "permission": "권한 번호",
    "scope": "카메라의 묶음",
    "abilities": "할 수 있는 일",
    "verdict": "점검 결과",
    "half": "반기",
    "lines": "권한 수",
    "year": "연도",
    "years": "보관 햇수",
    "content": "내용",
    "contents": "내용의 수",
    "left_out": "뺀 내용",
    "official_text": "대조한 원문",
    "kinds": "대상",
    "starts_at": "시작",
    "lift": "예외 허용 번호",
    "gates": "넘은 요건",
    "ends_at": "종료",
    "shift": "근무의 행",
    "other": "받을 근무의 행",
    "asked": "요청받은 인력의 행",
    "agreed": "동의함",
    "last_on": "마지막 날",
    "shifts": "서지 않게 된 근무 수",
    "pattern": "교대 방식",
    "anchor_on": "주기를 시작하는 날",
    "turn_at": "교대 시각",
    "turn": "회전·확대 번호",
    "turned_at": "돌린 때",
    "returned_at": "되돌린 때",
    "incident": "관제 상황",
    "unticked": "점검하지 않은 항목 수",
    "label": "이름",
    "in_use": "사용",
    "noticed_at": "인지시각",
    "told_at": "통보시각",
    "rewritten": "고쳐 적은 항목",
    "letter": "요청 문서번호",
    "people": "인원",
    "approved": "사전승인을 받음",
    "pledged": "보안서약을 받음",
    "sealed": "봉인함",
    "media_checked": "저장매체를 점검함",
    "statement": "발언 순서",
    "objected": "고칠 것이 있음",
    "eligible": "수당을 받는 사람 수",
    "won": "금액(원)",
    "items": "안건 수",
    "sent_on": "통지일",
    "notice_due_on": "통지 기한",
    "notice_way": "통지 방법",
    "mailed": "전자우편으로 알린 위원 수",
    "by_letter": "공문으로 알릴 위원 수",
    "late_ground": "늦게 알린 사유",
    "recusal_kind": "물러난 구분",
    "accepted": "받아들임",
    "link_purpose": "서명 주소의 용도",
    "answer_way": "의견을 낸 방법",
    "ballots": "의견의 해시",
    "erase_on": "보관하는 마지막 날",
    "released_again": "그 뒤 이용·제공한 날",
    "paper_answer": "의견서 번호",
    "redaction": "가림 처리 번호",
    "source_sha256": "원본의 해시",
    "result_sha256": "가린 사본의 해시",
    "regions_sha256": "가린 곳의 해시",
    "recipe": "처리 기록 번호",
    "doubts": "확인할 곳",
    "maker": "만든 사람 번호",
    "run": "작업 번호",
    "look": "재생 번호",
    "letter_kind": "공문 종류",
    "sending_way": "발송 방법",
    "about": "관련 업무",
    "template": "문안의 판",
    "words": "내용",
    "pdf": "PDF",
    "hwpx": "HWPX",
    "documents": "공문",
    "found": "찾은 건수",
    "where": "조건",
    "copy": "사본번호",
    "copy_source": "사본의 원천",
    "copy_ground": "가리지 않는 사유",
    "copy_way": "나간 방법",
    "is_allowed": "허용함",
    "why_sha256": "까닭의 해시",
    "not_made": "만들지 못한 파일 수",
    "package_sha256": "꾸러미의 해시",
    "downloads": "내려받은 횟수",
    "times": "내려받을 수 있는 횟수",
    "proof_way": "확인한 방법",
    "had_factor": "두 번째 인증이 있었는지",
    "network_kind": "한 일",
    "passkey": "패스키 번호",
    "portal_session": "접속 번호",
    "session_end": "접속이 끝난 까닭",
    "contact": "비상연락망의 직무 번호",
    "drill": "비상연락 훈련 번호",
    "called": "연락한 직무",
    "reached": "닿은 직무",
    "look_case": "재생한 사건의 구분",
    "look_step": "재생한 까닭",
    "look_end": "재생을 마친 방법",
    "expires_at": "허가가 끝나는 때",
    "original_sha256": "원본 파일의 해시",
    "is_clear": "다른 사람을 알아볼 수 없음을 확인",
    "purpose_sha256": "목적의 해시",
    "read_from": "실제로 읽은 처음",
    "read_until": "실제로 읽은 끝",
    "seconds_read": "실제로 읽은 시간(초)",
    "spans_read": "읽은 구간 수",
    "frames_stepped": "한 장면씩 본 수",
    "stills": "정지화면 수",
    "term": "임기번호",
    "seat": "자격",
    "office": "직책",
    "member": "위원번호",
    "members": "위원번호",
    "ended_on": "끝난 날",
    "end_ground": "해촉·종료 사유",
    "known": "이미 있는 행",
    "ignored": "대상이 아닌 행",
    "map": "열 대응표",
    "periods": "보관일수(이전 → 새)와 카메라 수",
    "batch": "묶음",
    "cases": "사건 수",
    "provision": "이용·제공 번호",
    "provisions": "이용·제공 번호",
    "recipient": "제공받은 자",
    "release_kind": "구분",
    "release_form": "형태",
    "release_purpose": "이용·제공 목적",
    "release_items": "항목",
    "basis": "근거",
    "relation": "설치 목적과의 관계",
    "line": "결재선",
    "committee": "운영위원회",
    "step": "결재 단계",
    "capacity": "결재 자격",
    "approval_way": "결재 방법",
    "approval_outcome": "결재 결과",
    "approver": "결재한 사람 번호",
    "decided_at": "결재한 때",
    "recall_due_on": "회수 기한",
    "recall_done": "회수 완료",
    "pledge": "보안서약",
    "hand_over": "인계 번호",
    "file_count": "파일 수",
    "medium": "매체",
    "masked": "다른 사람을 가림",
    "ending_kind": "사본의 끝",
    "chaser_about": "독촉한 것",
    "shown_until": "게시 마지막 날",
    "notice_outcome": "정보주체 통지",
    "look_again_on": "다시 볼 날",
    "agency": "기관",
    "unit": "부서",
    "remedy": "불복 절차",
    "remedy_outcome": "불복의 결과",
    "against": "불복의 대상",
    "appointed": "알린 열람 일시",
    "ground": "사유",
    "holds": "삭제 유예",
    "hidden": "비공개",
    "method": "방법",
    "opinions": "의견 수",
    "previous_until": "앞선 마감",
    "project": "설치 사업",
    "short_of_minimum": "최소 기간 전",
    "to": "바뀐 시각",
    "ordinal": "정정 차례",
    "decisions": "결정",
    "way": "통지 방법",
    "how": "확인 방법",
    "text_sha256": "글의 해시",
    "ranges": "카메라마다의 구간",
    "results": "카메라마다의 결과",
    "destruction_entries": "파기의 원장 기록",
    "reason_sha256": "사유의 해시",
    "viewing_reason_sha256": "열람 결정 사유의 해시",
    "last_size": "옛 키의 마지막 크기",
    "known_from": "알고 있던 곳",
    "stored_size": "남은 봉인의 크기",
    "stored_root": "남은 봉인의 루트",
    "holds_placed_again": "삭제 유예 다시 걺",
    "operator": "명령을 실행한 계정",
    "is_held": "원장에 있음",
    "is_wished": "청구인이 원한 일시",
    "content_digest": "내용 해시",
    "urgent": "긴급",
    "actor": "행위자",
    "already_gone": "이미 파기된 파일",
    "annex": "부록",
    "article": "근거 조항",
    "at": "기준 시각",
    "blocks": "파기 목록 묶음",
    "bytes": "용량(바이트)",
    "asked_by": "요청한 사람",
    "calendar_feed": "달력 주소",
    "change": "변경 번호",
    "camera": "카메라",
    "cameras": "카메라 수",
    "cameras_added": "늘어난 카메라",
    "cameras_removed": "철거한 카메라",
    "case": "사건 번호",
    "case_reference": "사건 번호",
    "count": "개수",
    "created": "등록",
    "cycle": "자동삭제 주기",
    "days": "날짜",
    "decision": "결정",
    "department": "부서",
    "destroyed": "파기 파일 수",
    "digest": "해시",
    "dry_run": "모의 실행",
    "errors": "오류",
    "fields": "바뀐 항목",
    "screen": "화면",
    "permissions": "필요한 권한",
    "figures_sha256": "수치 해시",
    "enclosures": "첨부 파일의 해시",
    "verifier_sha256": "원장 검사기 해시",
    "file": "파일",
    "files": "파일 수",
    "folder": "폴더",
    "format": "형식",
    "from": "시작",
    "from_at": "시작",
    "held": "유예 파일 수",
    "hold": "삭제 유예",
    "is_active": "사용 여부",
    "is_interim": "중간 보고",
    "is_working": "정상 작동",
    "kept": "보관 파일 수",
    "key": "녹화 식별자",
    "kind": "종류",
    "layout": "경로 형식",
    "ledger_root": "원장 루트",
    "ledger_size": "원장 크기",
    "list": "목록",
    "manifest": "파기 목록",
    "manifest_digest": "파기 목록 해시",
    "manifest_sha256": "파일 목록의 해시",
    "sheet_sha256": "안내서의 해시",
    "with_names": "성명을 담음",
    "manifests": "파기 목록",
    "max_lateness_seconds": "최대 지연(초)",
    "moved": "바뀐 기한",
    "name": "이름",
    "new": "변경 후",
    "newest": "가장 최근 영상",
    "note": "비고",
    "number": "번호",
    "old": "이전",
    "oldest": "가장 오래된 영상",
    "pages": "쪽수",
    "password_set": "비밀번호 설정",
    "period": "기간",
    "period_from": "대상 기간 시작",
    "period_until": "대상 기간 끝",
    "purpose": "목적",
    "reason": "사유",
    "was": "고치기 전 날짜",
    "rejected": "거절",
    "role": "역할",
    "role_before": "이전 역할",
    "root": "폴더",
    "rows": "행 수",
    "segment_seconds": "파일 길이(초)",
    "sha256": "SHA-256",
    "sites": "설치장소 수",
    "skipped": "건너뜀",
    "storage": "저장소",
    "sweep": "파기 실행",
    "timezone": "경로 시간대",
    "unchanged": "그대로",
    "unclaimed": "미등록",
    "unrecognised": "형식 외",
    "until": "끝",
    "until_at": "끝",
    "updated": "변경",
    "act": "처리",
    "attendees": "참석 인원",
    "bad": "부적합 항목 수",
    "by_clock": "시계 기준",
    "answers": "의견과 처리",
    "changes": "바뀐 항목",
    "checks": "확인",
    "clock": "시계",
    "correction_reason": "정정 사유",
    "document_on": "문서 날짜",
    "enrolled": "재적위원",
    "entries": "기록 수",
    "item": "항목",
    "not_in_order": "부적정 항목",
    "oldest_allowed_at": "남을 수 있는 가장 이른 때",
    "oldest_found_at": "남아 있는 가장 이른 때",
    "photos": "사진 수",
    "present": "출석위원",
    "profile": "조례",
    "received_at": "접수한 때",
    "result": "결과",
    "value": "값",
    "channel": "접수 방법",
    "citation": "근거 조항",
    "closed": "종결",
    "condition": "조건",
    "conditions": "조건 수",
    "contract": "위탁 계약",
    "contractor": "수탁자 번호",
    "corrects": "정정한 의결",
    "distance_metres": "거리(m)",
    "stated_on": "담당자가 적은 촬영일",
    "document": "문서번호",
    "due": "기한",
    "due_on": "기한",
    "effective_on": "시행일",
    "end": "끝",
    "error": "오류",
    "event": "처리",
    "excepted": "예외",
    "exceptions": "예외 번호",
    "failed_proofs": "부적정한 일일 확인",
    "file_sha256": "파일 해시",
    "files_on_record": "기록된 파일 수",
    "function_no": "심의 사항(호)",
    "grounds": "근거",
    "group": "묶음",
    "head": "봉인",
    "id": "번호",
    "identity": "확인한 신분증",
    "inspection": "점검 번호",
    "is_reprint": "다시 인쇄",
    "mandate": "확인한 대리 서류",
    "meeting": "회의",
    "met": "이행",
    "missing": "빠진 내용 수",
    "new_due_on": "새 기한",
    "new_key": "새 서명 키",
    "not_applicable": "해당 없음",
    "numbers": "카메라",
    "numbers_sha256": "카메라 번호 해시",
    "old_due_on": "이전 기한",
    "old_key": "이전 서명 키",
    "on": "날짜",
    "opened": "새로 열림",
    "outcome": "결과",
    "photo": "사진 해시",
    "position": "위치",
    "problem": "문제",
    "projects": "설치 사업",
    "reentrustment": "재위탁 번호",
    "refusal": "거부 사유",
    "reply": "회신",
    "report": "신고",
    "reports": "신고 수",
    "request": "청구",
    "transfer_to": "이송한 곳",
    "new_number": "넘긴 곳의 번호",
    "viewed_from": "열람을 시작한 때",
    "viewed_until": "열람을 마친 때",
    "fee": "수수료(원)",
    "receipt": "영수증 번호",
    "joined_to": "함께 처리하는 청구",
    "given_form": "내준 형태",
    "existence_reason_sha256": "존재확인 결정 사유의 해시",
    "correction_reason_sha256": "정정·삭제 결정 사유의 해시",
    "requests": "청구 수",
    "resolution": "의결",
    "rule": "점검 규칙",
    "rules": "규칙별 결과",
    "size": "크기",
    "subjects": "대상",
    "unmet": "미이행",
    "unseen_proofs": "영상을 볼 수 없었던 일일 확인",
    "vote": "재적·출석·찬성·반대·기권",
    "version": "판",
}
# Values that are codes of a closed list, by what they stand under.
_CODES: dict[str, dict[str, str]] = {
    key: {str(value): str(label) for choices in lists for value, label in choices.choices}
    for key, lists in {
        "act": (LifecycleEvent,),
        "channel": (RequestChannel, OpinionChannel),
        "decision": (OpinionDecision,),
        "event": (LifecycleEvent,),
        "kind": (PaperKind, RoleChange.Kind),
        "method": (ConsultationMethod,),
        "outcome": (DecisionOutcome, SignReportOutcome, Outcome, SignCheck.Outcome),
        "problem": (SignProblem,),
        "purpose": (PersonReadPurpose, ExportPurpose),
        "reason": (SubstituteReason,),
        "reply": (ConsultationReply,),
        "role": (Role,),
        "role_before": (Role,),
        "way": (NoticeWay,),
        "remedy": (RemedyKind,),
        "against": (RemedyAgainst,),
        "remedy_outcome": (RemedyOutcome,),
        "ground": (PostponeGround,),
        "how": (ConfirmedBy,),
        "identity": (IdentityDocument,),
        "mandate": (Mandate,),
        "transfer_to": (TransferTo,),
        "release_kind": (ReleaseKind,),
        "release_form": (ReleaseForm,),
        "relation": (PurposeRelation,),
        "committee": (CommitteeCare,),
        "seat": (SeatGround,),
        "notice_way": (CalledBy,),
        "late_ground": (LateGround,),
        "recusal_kind": (RecusalKind,),
        "link_purpose": (LinkPurpose,),
        "answer_way": (AnswerWay,),
        "office": (Office,),
        "end_ground": (EndGround,),
        "step": (ApprovalStep,),
        "line": (ApprovalStep,),
        "capacity": (ApprovalCapacity,),
        "approval_way": (ApprovalWay,),
        "approval_outcome": (ApprovalOutcome,),
        "medium": (Medium,),
        "ending_kind": (EndingKind,),
        "chaser_about": (ChaserAbout,),
        "notice_outcome": (SubjectNoticeOutcome,),
        "copy_source": (CopySource,),
        "copy_ground": (UnmaskedGround,),
        "copy_way": (CopyWay,),
        "look_case": (LookCase,),
        "look_step": (LookStep,),
        "proof_way": (ProofWay,),
        "network_kind": (NetworkKind,),
        "session_end": (SessionEnd,),
        "look_end": (LookEnd,),
        "sending_way": (SendingWay,),
        "pledge_kind": (PledgeKind,),
        "scope": (PermissionScope,),
        "verdict": (ReviewVerdict,),
    }.items()
}
# A step after the release.
_CODES["line"] |= {f"{step.value}+": f"{step.label} (사후)" for step in ApprovalStep}
_CODES["letter_kind"] = {kind.code: kind.title for kind in LETTERS.values()}
_CODES["paper"] = {paper.value: str(title) for paper, title in TITLES.items()}
_CODES["act"] |= {"decided": "결정", "ended": "끝냄"}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def kind_label(kind: str) -> str:
    return kinds.label(kind)


def actor_name(reference: str, officers: dict[int, str] | None = None) -> str:
    """ "officer:3" → the person's name today; anything else by its kind."""
    kind, _, number = reference.partition(":")
    if kind == "officer" and number.isdecimal():
        known = officers if officers is not None else officer_names([reference])
        return known.get(int(number), f"담당자 {number}번")
    if kind == "system":
        number = _PARTS.get(number, number)
    return f"{_ACTORS[kind]} {number}".strip() if kind in _ACTORS else reference


def officer_names(references: list[str]) -> dict[int, str]:
    """Names of all officers among these references, in one query."""
    numbers = {
        int(number)
        for kind, _, number in (reference.partition(":") for reference in references)
        if kind == "officer" and number.isdecimal()
    }
    return {officer.pk: str(officer) for officer in Officer.objects.filter(pk__in=numbers)}


def acted_by(words: str) -> Q:
    """Entries by whom these words name: a person by name or account, "시스템", or a reference as it stands."""
    if ":" in words:
        return Q(actor=words)
    chosen = Q(actor__in=[f"{kind}:{words}" for kind in _ACTORS])
    for kind, label in _ACTORS.items():
        if words == label:
            chosen |= Q(actor__startswith=f"{kind}:")
    people = Officer.objects.annotate(whole=Concat("last_name", "first_name")).filter(
        Q(whole__icontains=words) | Q(username__iexact=words)
    )
    return chosen | Q(actor__in=[f"officer:{pk}" for pk in people.values_list("pk", flat=True)[:50]])


def subjects_numbered(words: str) -> list[str]:
    """References to whatever bears this number; a reference stays what it is."""
    return [words] if ":" in words else [words, *(f"{kind}:{words}" for kind in _SUBJECTS)]


def subject_label(reference: str) -> str:
    kind, _, number = reference.partition(":")
    if kind == "rule" and number:
        return f"{_SUBJECTS[kind]} {label(number)}"
    return f"{_SUBJECTS[kind]} {number}".strip() if kind in _SUBJECTS else reference


def readable(payload: str) -> list[tuple[str, str]]:
    """The payload as label and value, one line per fact; text that is no JSON is shown as it stands."""
    try:
        data = json.loads(payload)
    except ValueError:
        return [("내용(읽을 수 없음)", payload)]
    if not isinstance(data, dict):
        return [("내용", _text(data))]
    return [(label(str(key)), _text(value, str(key))) for key, value in data.items()]


def label(key: str) -> str:
    """What a value stands under; the results of an assessment stand under the codes of its rules."""
    if key in _KEYS:
        return _KEYS[key]
    if key.endswith("_sha256"):
        return f"{label(key.removesuffix('_sha256'))}의 해시"
    try:
        return rules.get(key).title
    except LookupError:
        return key


def _text(value: Any, key: str = "") -> str:
    if value is None or value == "":
        return "없음"
    if isinstance(value, bool):
        return "예" if value else "아니오"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(_text(item, key) for item in value) or "없음"
    if isinstance(value, dict):
        return ", ".join(f"{label(name)} {_text(item, name)}" for name, item in value.items()) or "없음"
    return _word(str(value), key)


def _word(text: str, key: str) -> str:
    """A code or a column by its name, an instant in Seoul's time, anything else as it stands."""
    if key in ("fields", "rewritten"):
        return field_word(text)
    if text in _CODES.get(key, {}):
        return _CODES[key][text]
    if _INSTANT.match(text) and (at := parse_datetime(text)) and is_aware(at):
        return f"{localtime(at):%Y-%m-%d %H:%M:%S}"
    return text
