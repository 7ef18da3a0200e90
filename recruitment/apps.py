from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class RecruitmentConfig(AppConfig):
    name = "recruitment"

    def ready(self) -> None:
        from recruitment.safety import check_demo_accounts

        register(check_demo_accounts, Tags.security, deploy=True)
        post_migrate.connect(_install, sender=None, dispatch_uid="tenancy")


def _install(*, app_config: AppConfig, using: str, **_: object) -> None:
    """After the last of our apps, when every table is there."""
    from recruitment import tenancy

    if app_config.name == "integrations":
        tenancy.install(using)
