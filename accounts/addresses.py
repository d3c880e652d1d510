"""Whose address a request comes from, as far as limits are concerned."""

import ipaddress

IPV6_HOUSEHOLD = 64


def household(address: str) -> str:
    """An IPv4 address, or the first 64 bits of an IPv6 one: what one household has. "unknown" for anything else."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_HOUSEHOLD), strict=False))
    return str(parsed)
