from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate


class RecruitmentConfig(AppConfig):
    name = "recruitment"

    def ready(self) -> None:
        from recruitment.safety import check_demo_accounts

        register(check_demo_accounts, Tags.security, deploy=True)
        pre_migrate.connect(_uninstall, sender=self, dispatch_uid="tenancy")
        post_migrate.connect(_install, sender=None, dispatch_uid="tenancy")


def _uninstall(*, using: str, plan: list[object], **_: object) -> None:
    from recruitment import tenancy

    if plan:
        tenancy.uninstall(using)


def _install(*, app_config: AppConfig, using: str, **_: object) -> None:
    """After the last of our apps, when every table is there."""
    from recruitment import tenancy

    if app_config.name == "integrations":
        tenancy.install(using)
