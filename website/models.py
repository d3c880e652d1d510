"""Public Wagtail pages. What a citizen reads and an official may want to change is here, not in code."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from website import figures


class HomePage(Page):
    """The front page: which camera films me, how many there are, what I may ask for."""

    heading = models.CharField("큰 제목", max_length=100, default="우리 동네 CCTV, 어디에서 무엇을 찍나요?")
    lead = models.CharField("안내 문구", max_length=300, blank=True)
    body = RichTextField("본문", blank=True, features=["h3", "bold", "ol", "ul", "link", "document-link"])

    content_panels = [*Page.content_panels, FieldPanel("heading"), FieldPanel("lead"), FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["website.ContentPage"]
    max_count = 1
    template = "website/home.html"

    class Meta:
        verbose_name = "첫 화면"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["figures"] = figures.front_page()
        context["guides"] = self.get_children().live().public().in_menu().specific()
        return context


class NoticeBlock(blocks.StructBlock):
    """A boxed remark that must not be overlooked."""

    title = blocks.CharBlock(label="제목", max_length=100)
    text = blocks.RichTextBlock(label="내용", features=["bold", "ol", "ul", "link"])

    class Meta:
        icon = "warning"
        label = "알림 상자"
        template = "website/blocks/notice.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label="질문", max_length=200)
    answer = blocks.RichTextBlock(label="답변", features=["bold", "ol", "ul", "link"])

    class Meta:
        icon = "help"
        label = "질문과 답변"
        template = "website/blocks/question.html"


class ContentPage(Page):
    """A page of guidance, in Korean or another language."""

    lead = models.CharField("안내 문구", max_length=300, blank=True)
    language = models.CharField(
        "언어", max_length=5, choices=[("ko", "한국어"), ("en", "English")], default="ko"
    )
    body = StreamField(
        [
            (
                "text",
                blocks.RichTextBlock(
                    label="글", features=["h2", "h3", "bold", "ol", "ul", "link", "document-link"]
                ),
            ),
            ("notice", NoticeBlock()),
            ("question", QuestionBlock()),
        ],
        verbose_name="본문",
        blank=True,
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("language"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["website.HomePage", "website.ContentPage"]
    subpage_types = ["website.ContentPage"]
    template = "website/content.html"

    class Meta:
        verbose_name = "안내 페이지"


@register_setting(icon="home")
class OfficeDetails(BaseSiteSetting):
    """Who runs this site: shown in header, footer and on every camera's page."""

    district = models.CharField("자치구", max_length=50, default="서울특별시 강서구")
    site_name = models.CharField("누리집 이름", max_length=100, default="CCTV 알림터")
    address = models.CharField("주소", max_length=200, blank=True)
    phone = models.CharField("대표전화", max_length=40, blank=True)
    viewing_place = models.CharField("열람 장소", max_length=200, blank=True)
    viewing_hours = models.CharField("열람 시간", max_length=100, blank=True)

    panels = [
        MultiFieldPanel([FieldPanel("district"), FieldPanel("site_name")], heading="이름"),
        MultiFieldPanel([FieldPanel("address"), FieldPanel("phone")], heading="연락처"),
        MultiFieldPanel([FieldPanel("viewing_place"), FieldPanel("viewing_hours")], heading="열람"),
    ]

    class Meta:
        verbose_name = "누리집 기본 정보"
