from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"

    def ready(self) -> None:
        from prometheus_client import REGISTRY

        from integrations import erasing  # noqa: F401  (listens to the domain)
        from integrations.measuring import QuorumCollector

        REGISTRY.register(QuorumCollector())
