"""What a citizen takes away from a page: its address as QR code."""

import segno
from django import template

register = template.Library()


@register.simple_tag
def qr_code(address: str) -> str:
    """For the `src` of a picture."""
    return str(segno.make(address, micro=False).svg_data_uri(scale=4, border=2))
