"""Public Wagtail pages. What a citizen reads and an official may want to change is here, not in code."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from cameras.consultation import phase, public
from website import figures

MOST_CONSULTATIONS = 5


class HomePage(Page):
    """The front page: which camera films me, how many there are, what I may ask for."""

    heading = models.CharField("큰 제목", max_length=100, default="우리 동네 CCTV, 어디에서 무엇을 찍나요?")
    lead = models.CharField("안내 문구", max_length=300, blank=True)
    body = RichTextField("본문", blank=True, features=["h3", "bold", "ol", "ul", "link", "document-link"])
    heading_en = models.CharField(
        "큰 제목 (영문)", max_length=100, default="Which cameras film my street, and why?"
    )
    lead_en = models.CharField("안내 문구 (영문)", max_length=300, blank=True)
    body_en = RichTextField(
        "본문 (영문)", blank=True, features=["h3", "bold", "ol", "ul", "link", "document-link"]
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("lead"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("heading_en"), FieldPanel("lead_en"), FieldPanel("body_en")], heading="English"
        ),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["website.ContentPage"]
    max_count = 1
    template = "website/home.html"

    class Meta:
        verbose_name = "첫 화면"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["figures"] = figures.front_page()
        context["consultations"] = running_consultations()
        children = ContentPage.objects.child_of(self).live().public().in_menu()
        context["guides"] = children.filter(language=translation.get_language())
        return context

    @property
    def heading_here(self) -> str:
        """In the reader's language."""
        return self.heading_en if translation.get_language() == "en" else self.heading

    @property
    def lead_here(self) -> str:
        return self.lead_en if translation.get_language() == "en" else self.lead

    @property
    def body_here(self) -> str:
        return self.body_en if translation.get_language() == "en" else self.body


def running_consultations() -> list[public.PublicPage]:
    """Those that take opinions now, the one that ends first before the others."""
    now = timezone.now()
    running = phase.running(now).filter(opens_at__lte=now).order_by("ended_at", "pk")
    return [public.page_of(each, now) for each in running[:MOST_CONSULTATIONS]]


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
    counterpart = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="다른 언어로 된 같은 안내",
        help_text="언어를 바꾸면 이 페이지로 갑니다.",
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
        FieldPanel("counterpart"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]
    parent_page_types = ["website.HomePage", "website.ContentPage"]
    subpage_types = ["website.ContentPage"]
    template = "website/content.html"

    class Meta:
        verbose_name = "안내 페이지"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        """Menu and labels around the text speak the language of the page."""
        with translation.override(self.language):
            response: TemplateResponse = super().serve(request, *args, **kwargs)
            response.render()
        return response
