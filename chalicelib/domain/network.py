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


def site_of(network: str) -> str:
    """Give what lies around such a network: of IPv4 the 24 bits that a provider routes at least, of IPv6 the 48 of a
    site (RFC 6177, 2)."""
    try:
        found = ip_network(network, strict=False)
    except ValueError:
        return network
    return str(found.supernet(new_prefix=48 if found.version == 6 else 24))
