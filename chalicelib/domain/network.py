"""Where somebody without an account comes from, as far as it tells one household from another."""

from ipaddress import IPv6Address, ip_address, ip_network


def network_of(address: str) -> str:
    """Give the network of an IP address: itself, or of IPv6 the /64 that one subscriber has (RFC 6177, 2).

    What is no address is one network of its own.
    """
    try:
        found = ip_address(address.strip())
    except ValueError:
        return "unknown"
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    if isinstance(found, IPv6Address) and mapped is None:
        return str(ip_network((found, 64), strict=False))
    return str(mapped or found)
