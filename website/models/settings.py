"""What officials may change of the site's own pages: who runs it, and the texts beside forms and tables."""

from django.db import models
from django.utils import translation
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField

FEATURES = ["bold", "ol", "ul", "link"]


@register_setting(icon="home")
class OfficeDetails(BaseSiteSetting):
    """Who runs this site: shown in header, footer and on every camera's page."""

    district = models.CharField("자치구", max_length=50, default="서울특별시 강서구")
    district_en = models.CharField("자치구 (영문)", max_length=80, default="Gangseo-gu, Seoul")
    site_name = models.CharField("누리집 이름", max_length=100, default="CCTV 알림터")
    site_name_en = models.CharField("누리집 이름 (영문)", max_length=100, default="Public CCTV")
    address = models.CharField("주소", max_length=200, blank=True)
    phone = models.CharField("대표전화", max_length=40, blank=True)
    viewing_place = models.CharField("열람 장소", max_length=200, blank=True)
    viewing_hours = models.CharField("열람 시간", max_length=100, blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("district"),
                FieldPanel("district_en"),
                FieldPanel("site_name"),
                FieldPanel("site_name_en"),
            ],
            heading="이름",
        ),
        MultiFieldPanel([FieldPanel("address"), FieldPanel("phone")], heading="연락처"),
        MultiFieldPanel([FieldPanel("viewing_place"), FieldPanel("viewing_hours")], heading="열람"),
    ]

    class Meta:
        verbose_name = "누리집 기본 정보"

    @property
    def district_here(self) -> str:
        """In the reader's language."""
        return self.district_en if translation.get_language() == "en" else self.district

    @property
    def site_name_here(self) -> str:
        return self.site_name_en if translation.get_language() == "en" else self.site_name


def _text(label: str, default: str) -> RichTextField:
    return RichTextField(label, blank=True, features=FEATURES, default=default)


def _panel(name: str, heading: str) -> MultiFieldPanel:
    return MultiFieldPanel([FieldPanel(name), FieldPanel(f"{name}_en")], heading=heading)


@register_setting(icon="edit")
class SiteTexts(BaseSiteSetting):
    """The wording beside forms and tables, Korean and English. An emptied text leaves nothing on the page;
    an empty English one shows the Korean."""

    site_intro = _text(
        "한국어",
        "<p>이 안내는 카메라 대장에서 바로 가져온 것입니다. 현장의 안내판과 다르면 알려 주십시오.</p>",
    )
    site_intro_en = _text(
        "English",
        "<p>This page is read directly from the register of cameras. Please tell us when the sign on the spot "
        "says something else.</p>",
    )
    viewing_guide = _text(
        "한국어",
        "<p>정보주체는 자신이 촬영된 영상의 존재 확인, 열람, 정정·삭제를 청구할 수 있습니다(조례 제22조). 보관기간이 "
        "지난 영상은 파기되므로 촬영된 날짜와 시각을 되도록 좁혀 빨리 청구하십시오.</p><p>청구를 접수하면 청구한 "
        "영상은 결정할 때까지 파기되지 않습니다. 영상을 보실 때에는 본인(대리인)을 확인하며, 다른 사람의 모습은 가립니다.</p>",
    )
    viewing_guide_en = _text(
        "English",
        "<p>If a camera has filmed you, you may ask whether the video exists, ask to see it, or ask to have it "
        "corrected or deleted (Ordinance art. 22). Video is destroyed when its retention period ends, so please "
        "ask soon, with a date and time as exact as you can.</p><p>Once your request has been received, the video "
        "is not destroyed before it is decided. When you come to see it we check your identity, and other people "
        "in the picture are made unrecognisable.</p>",
    )
    viewing_consent = _text(
        "한국어",
        "<p>청구를 처리하기 위하여 성명, 연락처, 생년월일, 주소와 청구 내용을 수집합니다. 암호화하여 보관하고 처리 담당자만 "
        "볼 수 있으며, 정한 기간이 지나면 파기합니다. 동의하지 않으면 누리집으로 청구할 수 없고 방문·우편으로 청구할 수 "
        "있습니다. 주민등록번호는 받지 않습니다.</p>",
    )
    viewing_consent_en = _text(
        "English",
        "<p>To handle your request we collect your name, contact, date of birth, address and what you ask for. They "
        "are stored encrypted, seen only by the staff in charge, and erased after the period stated here. Without "
        "consent you can still ask in person or by post. Do not enter a resident registration number.</p>",
    )
    report_guide = _text(
        "한국어",
        "<p>안내판이 없거나 읽을 수 없거나 내용이 틀린 곳을 알려 주시면 현장을 확인하여 바로잡습니다. 계정이나 이름이 "
        "없어도 됩니다.</p>",
    )
    report_guide_en = _text(
        "English",
        "<p>Tell us where a sign is missing, cannot be read or is wrong: we go and look, and put it right. You need "
        "neither an account nor a name.</p>",
    )
    report_consent = _text(
        "한국어",
        "<p>연락처는 선택입니다. 적으시면 처리 결과를 알리는 데에만 쓰고, 암호화하여 보관한 뒤 정한 기간이 지나면 파기합니다.</p>",
    )
    report_consent_en = _text(
        "English",
        "<p>A contact is optional. It is used only to tell you the result, stored encrypted, and erased after the "
        "period stated here.</p>",
    )
    dataset_guide = _text(
        "한국어",
        "<p>카메라 대장에서 운영·중지 상태의 카메라를 행정안전부 ‘전국CCTV표준데이터’의 항목 순서로 제공합니다. 안내판 "
        "설치 의무가 없는 보안 시설(법 제25조제4항 단서)은 들어 있지 않습니다.</p>",
    )
    dataset_guide_en = _text(
        "English",
        "<p>Cameras in service, in the columns of the national standard dataset of CCTV. Facilities that are exempt "
        "from the duty to put up signs (PIPA art. 25(4)) are left out. The contents are in Korean.</p>",
    )
    dataset_licence = _text(
        "한국어", "<p>이용 조건은 담당 부서가 정하여 이곳에 알립니다. 출처를 밝혀 이용하여 주십시오.</p>"
    )
    dataset_licence_en = _text(
        "English", "<p>The office states the terms of use here. Please name the source.</p>"
    )
    language_note_en = _text(
        "English",
        "<p>This English version is a service for readers. Addresses and texts of individual cameras are as they "
        "stand in the Korean register; the Korean text is authoritative.</p>",
    )

    panels = [
        _panel("site_intro", "설치장소 페이지의 설명"),
        _panel("viewing_guide", "영상 열람등 청구 안내"),
        _panel("viewing_consent", "열람등 청구의 개인정보 안내"),
        _panel("report_guide", "안내판 신고 안내"),
        _panel("report_consent", "안내판 신고의 연락처 안내"),
        _panel("dataset_guide", "공개 데이터 설명"),
        _panel("dataset_licence", "공개 데이터 이용 조건"),
        MultiFieldPanel([FieldPanel("language_note_en")], heading="영문판 안내"),
    ]

    class Meta:
        verbose_name = "누리집 문구"

    def spoken(self, name: str) -> tuple[str, str]:
        """A text for the reader and the language that it is in."""
        if translation.get_language() == "en":
            english: str = getattr(self, f"{name}_en")
            if english:
                return english, "en"
        korean: str = getattr(self, name, "")
        return korean, "ko"
