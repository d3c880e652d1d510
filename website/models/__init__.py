"""Models of the public site, one module a matter; import them from here."""

from website.models.drafts import FormDraft
from website.models.floods import FloodMark
from website.models.pages import ContentPage, HomePage
from website.models.settings import OfficeDetails, SiteTexts

__all__ = ["ContentPage", "FloodMark", "FormDraft", "HomePage", "OfficeDetails", "SiteTexts"]
