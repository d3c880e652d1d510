"""Provisions that are cited from memory: nobody has compared them with the official text yet.

An officer's screen cites them with that mark; what a citizen reads (letters, the public site) does not cite them at all. Once
somebody has compared one, its line here goes, and with it the mark.
"""

from ordinance.models import Mark

FROM_MEMORY = (
    "행정절차법 시행령 제11조",
    "민원 처리에 관한 법률 제16조",
    "민원 처리에 관한 법률 제23조",
    "행정업무의 운영 및 혁신에 관한 규정 제10조",
    "행정업무의 운영 및 혁신에 관한 규정 제11조",
)


def unmarked(article: str) -> str:
    """For a sentence that tells a clerk what to do: the mark stands where the values are kept (기준값)."""
    return article.replace(f", {Mark.MEMORY.label}", "")


def cite(provision: str) -> str:
    """The provision, with its mark as long as it stands above."""
    return f"{provision}, {Mark.MEMORY.label}" if provision in FROM_MEMORY else provision
