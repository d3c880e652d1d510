"""A second factor is shown: a code of the app, a recovery code, or an answer of one of the person's passkeys."""

from typing import Any

from django.http import HttpRequest

from accounts import passkeys
from accounts import second_factor as factors
from accounts.login_delays import MustWait
from accounts.models import Officer
from accounts.second_factor import Passed, ProofWay
from portal import second_factor
from portal.forms.second_factor import SecondFactorForm
from portal.passkey_questions import For, take

WRONG_CODE = "번호가 맞지 않거나 이미 쓴 번호입니다. 앱에 새 번호가 나오면 다시 적으십시오."
WRONG_KEY = "패스키로 확인하지 못했습니다. 다시 누르거나 번호를 적으십시오."


def tried(request: HttpRequest, person: Officer, form: SecondFactorForm) -> Passed | None:
    """What was shown; None where it was wrong or must wait: that stands in the form, and a failure in the ledger."""
    if request.method != "POST" or not form.is_bound or not form.is_valid():
        return None
    answer = form.cleaned_data["assertion"]
    try:
        if not answer:
            return factors.check(request, person, form.cleaned_data["code"])
        passkeys.check(request, person, take(request, For.CHECK), answer)
        return Passed(ProofWay.PASSKEY)
    except (factors.WrongCode, passkeys.WrongKey):
        second_factor.put_on_record(second_factor.FAILED, person)
        form.add_error("code", WRONG_KEY if answer else WRONG_CODE)
    except MustWait as wait:
        form.add_error("code", f"여러 번 틀려서 기다려야 합니다. {wait}")
    return None


def offers(request: HttpRequest, person: Officer) -> dict[str, Any]:
    """What a page that asks may offer this person."""
    has_keys = person.passkeys.exists()
    is_possible = passkeys.is_possible(request)
    return {
        "may_use_passkey": has_keys and is_possible,
        "passkey_elsewhere": passkeys.origin() if has_keys and not is_possible else "",
    }
