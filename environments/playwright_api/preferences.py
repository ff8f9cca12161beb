"""What Firefox is told to do otherwise than it usually does, as preferences."""

import ada_url

Preferences = dict[str, str | int | bool]

USUAL: Preferences = {"browser.sessionhistory.max_total_viewers": 0}
"""Playwright is not told of a page that is shown again out of memory, and would wait for it."""
_THIS_MACHINE_TOO: Preferences = {
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": True,
    "network.proxy.testing_localhost_is_secure_when_hijacked": True,
    "network.proxy.failover_direct": False,
    "network.proxy.socks_remote_dns": True,
}

_WITHOUT_THE_PROXY: Preferences = {
    "media.peerconnection.enabled": False,  # datagrams
    "network.http.http3.enable": False,
    "network.webtransport.enabled": False,
    "network.trr.mode": 5,  # names over HTTPS
    "network.dns.disablePrefetch": True,
    "network.dns.disablePrefetchFromHTTPS": True,
    "network.predictor.enabled": False,
    "network.prefetch-next": False,
    "network.http.speculative-parallel-limit": 0,
}
_OF_THE_BROWSER_ITSELF: Preferences = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.newtabpage.activity-stream.feeds.telemetry": False,
    "browser.region.update.enabled": False,
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "security.OCSP.enabled": 0,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.unified": False,
}


WITH_A_PROXY: Preferences = _WITHOUT_THE_PROXY | _THIS_MACHINE_TOO
"""Where contexts have a proxy of the user's: pages reach nothing by another way."""


def kept_to(proxy_url: str) -> Preferences:
    """Every connection through this proxy, this machine's own names included, and no way around it."""
    url = ada_url.URL(proxy_url)
    host, port = url.hostname, int(url.port)
    return {
        **_WITHOUT_THE_PROXY,
        **_OF_THE_BROWSER_ITSELF,
        "network.proxy.type": 1,
        "network.proxy.http": host,
        "network.proxy.http_port": port,
        "network.proxy.ssl": host,
        "network.proxy.ssl_port": port,
        "network.proxy.share_proxy_settings": True,
        **_THIS_MACHINE_TOO,
    }
