"""Which addresses are of the open network, and which lead into a private one or to this machine."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from .urls import Place

_NAT64, _LOCAL_NAT64 = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")
_COMPATIBLE = IPv6Network("::/96")


def plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address that another one carries: mapped, by 6to4, by NAT64, or in the old compatible form."""
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and (address in _NAT64 or (address in _COMPATIBLE and int(address) > 1)):
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def is_open(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is of the open network."""
    is_site = isinstance(address, IPv6Address) and (address.is_site_local or address in _LOCAL_NAT64)
    return address.is_global and not address.is_multicast and not is_site


def is_local_name(host: str) -> bool:
    """Whether the name says by itself that it means this machine."""
    name = host.removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")


@lru_cache(maxsize=1000)  # the links of a page are judged again and again
def is_private(place: Place) -> bool:
    """Whether its host leads into a private network or to this machine, as far as that is known without a look-up."""
    if is_local_name(place.host):
        return True
    try:
        address = ip_address(place.host.strip("[]").removesuffix("."))
    except ValueError:
        return False
    return not is_open(plain(address))
