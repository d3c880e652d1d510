"""What a browser says of itself, in words that its person knows again; no proof of anything."""

BROWSERS = (
    ("Edg/", "엣지"),
    ("Whale/", "웨일"),
    ("SamsungBrowser/", "삼성 인터넷"),
    ("Firefox/", "파이어폭스"),
    ("Chrome/", "크롬"),
    ("Safari/", "사파리"),
)
SYSTEMS = (
    ("Android", "안드로이드"),
    ("iPhone", "아이폰"),
    ("iPad", "아이패드"),
    ("Windows", "윈도우"),
    ("Macintosh", "맥"),
    ("CrOS", "크롬북"),
    ("Linux", "리눅스"),
)
UNKNOWN = "알 수 없는 기기"


def words(user_agent: str) -> str:
    found = [next((word for mark, word in table if mark in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word) or UNKNOWN
