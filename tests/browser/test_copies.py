"""A citizen gets a copy: granted, made, downloaded with both secrets, verified without the office, and gone when the case is closed."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest
import pyzipper
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from footage.models import Hold
from ledger.models import Entry
from records import tasks
from records.models import CaseCopy, ViewingRequest
from records.viewing import claims
from reports import tasks as reports_tasks
from tests.accounts.factories import DepartmentFactory, OfficerFactory
from tests.browser.test_portal import log_in
from tests.records import copies as world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]
CODE = "ABCDEFGHJK"
LONGEST_WAIT = 120_000


def press(page: Any, text: str) -> None:
    page.click(f"main button:has-text('{text}')")
    page.wait_for_load_state("networkidle")


def shown_once(page: Any) -> str:
    return str(page.inner_text(".p-secret")).strip()


def seen(visitor: Any) -> None:
    assert visitor.axe() == []
    assert visitor.overflow() <= 0


def open_status(visitor: Any, request: ViewingRequest, code: str = CODE) -> Any:
    visitor.open("/viewing-request/status/")
    visitor.page.fill("[name=receipt_number]", request.receipt_number)
    visitor.page.fill("[name=secret]", code)
    visitor.page.click("main button:has-text('조회')")
    visitor.page.wait_for_load_state("networkidle")
    return visitor.page


def test_a_citizen_downloads_a_copy_that_ends_with_the_case(strict_visitor, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    office = world.Office(settings, tmp_path)
    manager = OfficerFactory(role=Role.CCTV_MANAGER, department=DepartmentFactory(phone="02-2600-1234"))
    request = office.request(manager)
    digest = claims.digest_of_code(request.receipt_number, CODE)
    ViewingRequest.objects.filter(pk=request.pk).update(claim_digest=digest)
    visitor, page = strict_visitor, strict_visitor.page
    page.set_default_timeout(LONGEST_WAIT)

    # The official asks for a copy of the original, another one decides, the worker makes it.
    log_in(visitor, office.official)
    visitor.open(reverse("viewing:request", args=[request.pk]))
    page.click("a:has-text('사본 만들기')")
    page.check("input[name=source][value=original]")
    page.check("input[name=keys]")
    page.select_option("select[name=ground]", "nobody_else")
    page.fill("textarea[name=why]", "새벽이라 길에 아무도 없음")
    seen(visitor)
    press(page, "사본 요청")
    copy = CaseCopy.objects.get()
    assert "다른 사람의 결정을 기다립니다" in page.inner_text("main")
    seen(visitor)
    log_in(visitor, OfficerFactory(role=Role.CCTV_MANAGER))
    visitor.open(reverse("copies:decide", args=[copy.pk]))
    page.check("input[name=answer][value=allow]")
    page.fill("textarea[name=note]", "영상을 보고 확인함")
    press(page, "확인하기")
    assert "곧바로 만들기 시작합니다" in page.inner_text("main")
    assert CaseCopy.objects.get().decided_at is None
    press(page, "결정")
    tasks.make_copy(copy.pk)

    # Sealed and opened: two secrets, each shown once.
    log_in(visitor, office.official)
    visitor.open(reverse("copies:seal", args=[copy.pk]))
    press(page, "봉하고 비밀번호 보기")
    password = shown_once(page)
    reports_tasks.seal_copy(copy.sealings.get().pk)
    seen(visitor)
    visitor.open(reverse("copies:open_download", args=[copy.pk]))
    press(page, "열고 두 번째 번호 보기")
    second = shown_once(page)
    visitor.open(reverse("copies:page", args=[copy.pk]))
    assert password not in page.content()
    assert second not in page.content()
    seen(visitor)

    # The citizen: a wrong number gives nothing, the right one the package.
    page.context.clear_cookies()
    open_status(visitor, request)
    seen(visitor)
    page.fill("form[action$='/copy/'] [name=secret]", "AAAAA-BBBBB-CCCCC-DDDDD")
    press(page, "내려받기")
    assert "두 번째 번호가 맞지 않습니다" in page.inner_text("main")
    page.fill("form[action$='/copy/'] [name=secret]", second)
    with page.expect_download() as download:
        page.click("form[action$='/copy/'] button")
    content = download.value.path().read_bytes()

    # Verified without the office.
    folder = tmp_path / "unpacked"
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder, pwd=password.encode())
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify_copy.py"), "--json"],
        capture_output=True, text=True, check=False, cwd=folder, env={},
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert (done.returncode, found["copy"], found["signed"]) == (0, copy.number, True)
    assert Entry.objects.of_kind("records.copy_downloaded").count() == 1

    # The case is closed: nothing to download, and what lay in the vault opens nowhere.
    case_folder = office.vault / CaseCopy.objects.get().package.case.folder.hex
    assert case_folder.exists()
    Hold.objects.update(released_at=timezone.now())
    office.end()
    assert not case_folder.exists()
    open_status(visitor, request)
    assert page.locator("form[action$='/copy/']").count() == 0
    assert [error for error in visitor.errors if "403" not in error] == []
    assert visitor.strays == []
