"""The gate of the network (망분리): footage plays where `accounts.networks` says, and stops when the connection moves elsewhere."""

from collections.abc import Iterator

from accounts import networks
from accounts.networks import Kind
from casework.refusals import Refusal
from records.access import gates
from records.access.gates import Wish

NAME = "network"
REMEDY = "영상을 볼 수 있게 정한 망(관제센터의 망)에 있는 컴퓨터에서 여십시오. 망을 바꾸는 일은 서버를 운영하는 사람이 합니다."


def _elsewhere(wish: Wish) -> Iterator[Refusal]:
    if not networks.may(Kind.FOOTAGE, wish.officer):
        text = f"지금 접속한 주소({networks.here()})에서는 영상을 볼 수 없습니다."
        yield Refusal(NAME, text, remedy=REMEDY)


def register() -> None:
    gates.register(NAME, _elsewhere, is_standing=True)
