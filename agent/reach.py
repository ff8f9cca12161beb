"""Where the browser of a run may connect to: what the permissions say of a host, and of the addresses it has."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address

from ..environments.environment import Destination
from .permissions import Permissions
from .urls import OriginRule, Place

_PORTS = {"http": 80, "https": 443}


@dataclass(slots=True, kw_only=True)
class Reach:
    """A judge of connections, by the permissions that a run has at the moment.

    What the run may use is reached, wherever it is but for two things: a name that led into the open network does not
    lead into a private one later, and no name but those of this machine leads to this machine. What no origin names is
    reached where `permissions.loads` is "public", in the open network only.
    """

    permissions: Callable[[], Permissions]
    _granted: list[OriginRule] = field(default_factory=list[OriginRule])
    _open: set[str] = field(default_factory=set[str])
    """Names that led into the open network."""

    def grant(self, place: Place) -> None:
        """Let the browser reach a place that the user agreed to."""
        if place.host:
            self._granted.append(OriginRule(scheme=place.scheme, host=place.host, port=place.port))

    def __call__(self, to: Destination) -> str:
        """Why nothing may go there; empty where it may."""
        rules = self.permissions()
        if any(_names(OriginRule.parse(rule), to) for rule in rules.blocked):
            return f"{to.host} is blocked in this run"
        origins = None if rules.origins is None else [OriginRule.parse(rule) for rule in rules.origins]
        is_named = any(_names(rule, to) for rule in (*(origins or ()), *self._granted))
        if not is_named and origins is not None and rules.loads == "origins":
            return f"{to.host}:{to.port} is not among the origins of this run"
        return self._about_addresses(to, is_named=is_named)

    def _about_addresses(self, to: Destination, *, is_named: bool) -> str:
        addresses = [_plain(ip_address(address)) for address in to.addresses]
        private = [address for address in addresses if not address.is_global]
        if not private:
            if addresses:
                self._open.add(to.host)
            return ""
        if not is_named:
            return f"{to.host} leads into a private network, which is reached only where an origin names it"
        if to.host in self._open:
            return f"{to.host} led into the open network before, and leads into a private one now"
        if any(address.is_loopback or address.is_link_local for address in private) and not _is_of_this_machine(to):
            return f"{to.host} leads to this machine itself"
        return ""


def _names(rule: OriginRule, to: Destination) -> bool:
    """Whether the rule means the host and the port. A host with the root's dot is the same host."""
    if rule.scheme not in _PORTS or to.port != (int(rule.port) if rule.port else _PORTS[rule.scheme]):
        return False
    host, wanted = to.host.removesuffix("."), rule.host.strip("[]")
    return host.endswith(f".{wanted}") if rule.subdomains else host == wanted


def _is_of_this_machine(to: Destination) -> bool:
    """Whether the host says by itself that it is local: localhost, or an address as such."""
    if to.host == "localhost" or to.host.endswith(".localhost"):
        return True
    return list(to.addresses) == [to.host]


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if mapped is None else mapped
