"""The services that are answered here rather than by moto, or that correct moto's answer."""

import importlib
import pkgutil


def load() -> None:
    """Imports every module of this package, so that its handlers are registered."""
    for module in pkgutil.walk_packages(__path__, __name__ + "."):
        importlib.import_module(module.name)
