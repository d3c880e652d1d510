"""What officials may change of the site's own pages: who runs it, and the texts beside forms and tables."""

from django.db import models
from django.utils import translation
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField

from website.licences import LicenceType

FEATURES = ["bold", "ol", "ul", "link"]
# What must be said before somebody consents (PIPA art. 15(2)). The period is the fourth: it comes from the parameters.
CONSENT_ITEMS = ("purpose", "items", "refusal")
LONGEST_ITEM = 1_000
PERIOD_IS_ADDED = (
    "<p>법에서 알리도록 한 네 가지(개인정보 보호법 제15조제2항) 가운데 목적, 항목, 거부할 권리는 비울 수 없습니다. "
    "보유기간은 조례·기한 → 기준값에서 가져와 언제나 함께 보여 드리므로 여기에 적지 않습니다.</p>"
)


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


def _item(label: str, default: str) -> models.TextField:
    """One thing that the law wants said; it cannot be left empty."""
    return models.TextField(label, max_length=LONGEST_ITEM, default=default)


def _item_en(label: str, default: str) -> models.TextField:
    """The same in English; left empty, the Korean shows."""
    return models.TextField(f"{label} (English)", max_length=LONGEST_ITEM, blank=True, default=default)


def _panel(name: str, heading: str) -> MultiFieldPanel:
    return MultiFieldPanel([FieldPanel(name), FieldPanel(f"{name}_en")], heading=heading)


def _consent_panel(form: str, heading: str) -> MultiFieldPanel:
    names = [*(f"{form}_consent_{item}" for item in CONSENT_ITEMS), f"{form}_consent"]
    fields = [FieldPanel(each) for name in names for each in (name, f"{name}_en")]
    return MultiFieldPanel([HelpPanel(PERIOD_IS_ADDED), *fields], heading=heading)


@register_setting(icon="edit")
class SiteTexts(BaseSiteSetting):
    """The wording beside forms and tables, Korean and English. An emptied text leaves nothing on the page;
    an empty English one shows the Korean. What the law wants said before a consent cannot be emptied."""

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
        "지난 영상은 파기되므로 촬영된 날짜와 시각을 되도록 좁혀 빨리 청구하십시오.</p><p>청구는 "
        "언제나 접수하며, 영상을 파기하지 않도록 했는지는 접수 화면에서 알려 드립니다. 영상을 보실 때에는 본인(대리인)을 확인하며, "
        "다른 사람의 모습은 가립니다.</p>",
    )
    viewing_guide_en = _text(
        "English",
        "<p>If a camera has filmed you, you may ask whether the video exists, ask to see it, or ask to have it "
        "corrected or deleted (Ordinance art. 22). Video is destroyed when its retention period ends, so please "
        "ask soon, with a date and time as exact as you can.</p><p>Every request is received; the receipt tells "
        "whether the video is kept from destruction. When you come to see it we check your identity, and other people "
        "in the picture are made unrecognisable.</p>",
    )
    viewing_agent = _text(
        "한국어",
        "<p>영상에 찍힌 분에 대하여 적어 주십시오. 방문하실 때 위임장이나 관계를 확인할 서류를 가져오십시오.</p>",
    )
    viewing_agent_en = _text(
        "English",
        "<p>Please tell us about the person in the picture, and bring a power of attorney or proof of your relation "
        "when you come.</p>",
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
    report_consent_purpose = _item("수집 목적", "신고한 곳의 확인과 처리 결과 안내")
    report_consent_purpose_en = _item_en(
        "수집 목적", "To look at what you reported and to tell you the result"
    )
    report_consent_items = _item("수집 항목", "연락처, 첨부한 사진, 알려 준 위치 (모두 선택)")
    report_consent_items_en = _item_en(
        "수집 항목",
        "Your contact, the photograph that you attach and the position that you give (all optional)",
    )
    report_consent_refusal = _item(
        "거부할 권리와 불이익",
        "동의하지 않을 수 있습니다. 연락처를 적지 않아도 신고는 똑같이 처리하며, 불이익은 없습니다.",
    )
    report_consent_refusal_en = _item_en(
        "거부할 권리와 불이익",
        "You may refuse. A report without a contact is handled all the same, without any disadvantage.",
    )
    report_consent = _text(
        "덧붙이는 안내",
        "<p>연락처는 처리 결과를 알리는 데에만 쓰며, 암호화하여 보관합니다.</p>",
    )
    report_consent_en = _text(
        "덧붙이는 안내 (English)",
        "<p>A contact is used only to tell you the result, and is stored encrypted.</p>",
    )
    opinion_guide = _text(
        "한국어",
        "<p>성명과 연락처는 의견 내용을 확인하거나 처리 결과를 알려 드릴 때에만 씁니다. 적지 않아도 의견은 똑같이 검토하고, 접수번호로 처리 결과를 "
        "볼 수 있습니다.</p>",
    )
    opinion_guide_en = _text(
        "English",
        "<p>Name and contact are used only to ask what you mean and to tell you the result. Without them your opinion is examined "
        "all the same, and you can see the answer with the receipt number.</p>",
    )
    opinion_consent_purpose = _item("수집 목적", "제출 의견의 확인과 처리 결과 안내 (조례 제8조)")
    opinion_consent_purpose_en = _item_en(
        "수집 목적", "To clarify your opinion and to tell you what came of it (Ordinance art. 8)"
    )
    opinion_consent_items = _item("수집 항목", "성명, 연락처, 첨부 파일에 든 개인정보 (모두 선택)")
    opinion_consent_items_en = _item_en(
        "수집 항목", "Name, contact, and personal data in an attached file (all optional)"
    )
    opinion_consent_refusal = _item(
        "거부할 권리와 불이익",
        "동의하지 않을 수 있습니다. 동의하지 않으면 성명·연락처와 첨부 파일 없이 의견만 보내실 수 있고, 불이익은 없습니다.",
    )
    opinion_consent_refusal_en = _item_en(
        "거부할 권리와 불이익",
        "You may refuse. Without consent you can send your opinion without name, contact and file, without any "
        "disadvantage.",
    )
    opinion_consent = _text(
        "덧붙이는 안내",
        "<p>의견의 내용은 결과를 공고할 때 성명·연락처 없이 공개됩니다. 성명과 연락처는 암호화하여 보관하며 담당 공무원만 사유를 "
        "남기고 볼 수 있습니다.</p>",
    )
    opinion_consent_en = _text(
        "덧붙이는 안내 (English)",
        "<p>What you say is published with the result, without name and contact. Name and contact are stored "
        "encrypted; only the officials in charge can see them, and must record why.</p>",
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
        "한국어",
        "<p>출처를 밝혀 이용하여 주십시오. 위에 공공누리 유형이 없으면 이용 조건을 아직 정하지 않은 것이니 담당 부서에 물어 주십시오.</p>",
    )
    dataset_licence_en = _text(
        "English",
        "<p>Please name the source. Where no licence stands above, the terms of use are not set yet; please ask the department in charge.</p>",
    )
    dataset_licence_type = models.CharField(
        "공공누리 유형",
        max_length=10,
        choices=LicenceType,
        default="",
        blank=True,
        help_text="정하면 공개 데이터 화면과 목록(DCAT)에 나옵니다.",
    )
    language_note_en = _text(
        "English",
        "<p>This English version is a service for readers. Addresses and texts of individual cameras are as they "
        "stand in the Korean register; the Korean text is authoritative.</p>",
    )

    panels = [
        _panel("site_intro", "설치장소 페이지의 설명"),
        _panel("viewing_guide", "영상 열람등 청구 안내"),
        _panel("viewing_agent", "대리인이 청구할 때의 안내"),
        _panel("report_guide", "안내판 신고 안내"),
        _consent_panel("report", "안내판 신고의 개인정보 수집·이용 안내"),
        _panel("opinion_guide", "의견수렴의 성명·연락처 안내"),
        _consent_panel("opinion", "의견수렴의 개인정보 수집·이용 안내"),
        _panel("dataset_guide", "공개 데이터 설명"),
        FieldPanel("dataset_licence_type"),
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

    def consent_item(self, form: str, item: str) -> tuple[str, str]:
        """One of `CONSENT_ITEMS` and its language. Never empty: the default stands in for a text that was lost."""
        name = f"{form}_consent_{item}"
        text, language = self.spoken(name)
        return (text, language) if text.strip() else (str(self._meta.get_field(name).get_default()), "ko")
