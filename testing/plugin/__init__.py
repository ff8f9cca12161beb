"""The pytest plugin: fixtures for tests that read like the screen, their verdicts, and what is told of them.

Every pytest run of a user loads it, so that nothing is imported here that a run without such a test does not need.
"""

import sys

import pytest

from .options import add_options, read_settings

NAMES = ("clickwright", "clickwright.testing.plugin")
"""Of the entry point, and of the module."""
PLAYWRIGHT = ("playwright", "pytest_playwright.pytest_playwright")
"""pytest-playwright, loaded by its entry point or by `-p`."""
ASYNCIO = ("asyncio", "pytest_asyncio.plugin", "pytest_asyncio")
MARKER = "ui_budget(seconds=None, tokens=None, steps=None): what one UI test may use; over it, it is inconclusive"


def pytest_plugin_registered(plugin: object, plugin_name: str, manager: pytest.PytestPluginManager) -> None:
    """Loaded by its entry point, by `-p` and by a conftest, it is there once."""
    if plugin is sys.modules[__name__]:
        for name in NAMES:
            if name != plugin_name:
                manager.set_blocked(name)


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Raises pytest.UsageError where an option makes no sense."""
    from . import browser, fixtures, running
    from .summary import Summary

    read_settings(config)
    config.addinivalue_line("markers", MARKER)
    plugins = config.pluginmanager
    has_page = any(plugins.has_plugin(name) for name in (*PLAYWRIGHT, "playwright-asyncio"))
    plugins.register(fixtures.screen_fixtures(has_page), "clickwright-screen")
    plugins.register(fixtures, "clickwright-fixtures")
    plugins.register(running, "clickwright-running")
    if any(plugins.has_plugin(name) for name in PLAYWRIGHT):
        plugins.register(browser, "clickwright-browser")
    if any(plugins.has_plugin(name) for name in ASYNCIO):
        from . import asyncio_fixture

        plugins.register(asyncio_fixture, "clickwright-asyncio")
    if not hasattr(config, "workerinput"):
        plugins.register(Summary(config), "clickwright-summary")
