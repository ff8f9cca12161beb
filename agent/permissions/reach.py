"""Where the browser of a run may connect to: what the permissions say of a host, and of the addresses it has."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address

from ...environments.environment import Destination
from .addresses import is_local_name, is_open, plain
from .rules import Permissions
from .urls import OriginRule, Place, rule_of

_PORTS = {"http": 80, "https": 443}


@dataclass(slots=True, kw_only=True)
class Reach:
    """A judge of connections, by the permissions that a run has at the moment.

    What the run may use is reached, wherever it is but for two things: a name that led into the open network does not
    lead into a private one later, and only names of this machine and origins with a port lead to this machine. What no
    origin names is reached where `permissions.loads` is "public", in the open network only, or in any other where
    `permissions.private` is "any".
    """

    permissions: Callable[[], Permissions]
    _granted: list[OriginRule] = field(default_factory=list[OriginRule])
    _open: set[str] = field(default_factory=set[str])
    """Names that led into the open network."""
    _refused: set[tuple[str, int]] = field(default_factory=set[tuple[str, int]])
    """Hosts and ports that something was kept from."""

    def grant(self, place: Place) -> None:
        """Let the browser reach a place that the user agreed to."""
        if place.host:
            self._granted.append(OriginRule(scheme=place.scheme, host=place.host, port=place.port))

    def has_refused(self, place: Place) -> bool:
        """Whether something was kept from the place, so that what is shown as its page is not from there."""
        named = OriginRule(scheme=place.scheme, host=place.host, port=place.port)
        return any(_names(named, Destination(host=host, port=port)) for host, port in self._refused)

    def __call__(self, to: Destination) -> str:
        """Why nothing may go there; empty where it may."""
        reason = self._refusal(to)
        if reason:
            self._refused.add((to.host, to.port))
        return reason

    def _refusal(self, to: Destination) -> str:
        rules = self.permissions()
        if any(_names(rule_of(rule), to) for rule in rules.blocked):
            return f"{to.host} is blocked in this run"
        origins = [rule_of(rule) for rule in rules.origins or ()]
        naming = [rule for rule in (*origins, *self._granted) if _names(rule, to)]
        if not naming and rules.loads == "origins":
            return f"{to.host}:{to.port} is not among the origins of this run"
        is_local = any(rule.port for rule in naming) or _is_of_this_machine(to)
        return self._about_addresses(to, is_named=bool(naming) or rules.private == "any", is_local=is_local)

    def _about_addresses(self, to: Destination, *, is_named: bool, is_local: bool) -> str:
        addresses = [plain(ip_address(address)) for address in to.addresses]
        private, host = [address for address in addresses if not is_open(address)], to.host.removesuffix(".")
        if len(private) < len(addresses):
            self._open.add(host)
        if not private:
            return ""
        if not is_named:
            return f"{to.host} leads into a private network, which is reached only where an origin names it"
        if host in self._open:
            return f"{to.host} led into the open network before, and leads into a private one now"
        if not is_local and any(one.is_loopback or one.is_link_local or one.is_unspecified for one in private):
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
    return is_local_name(to.host) or list(to.addresses) == [to.host]
