"""The integration as ``GET /integrations/{id}`` describes it (kombo.md 13.4), with what is switched off."""

from __future__ import annotations

from typing import Any

from integrations.sandbox.kombo.actions import ACTIONS

API_KEY = "sandbox-kombo-key"
INTEGRATION_ID = "greenhouse:MASi45ub7Qe4ZE36UT5G6cU4"
ENVIRONMENT_ID = "MHbTv94pPzWjeuzaTuyZ9bAa"
END_USER = {"organization_name": "Northwind Traders", "creator_email": "ops@example.com", "origin_id": None}

MODELS = {
    "ats_candidates": "Candidates",
    "ats_applications": "Applications",
    "ats_jobs": "Jobs",
    "ats_application_stages": "Application stages",
    "ats_tags": "Tags",
    "ats_rejection_reasons": "Rejection reasons",
    "ats_users": "Users",
    "ats_roles": "Roles",
    "ats_offers": "Offers",
    "ats_interviews": "Interviews",
    "ats_notes": "Notes",
    "ats_scorecards": "Scorecards",
    "ats_attachments": "Attachments",
}
NOT_OFFERED = {"ats_notes", "ats_scorecards", "ats_attachments"}


def capability(identifier: str, label: str, off: dict[str, str]) -> dict[str, Any]:
    """``off`` maps ids to ``DISABLED`` (by the customer's scope) or ``NOT_AVAILABLE`` (by this ATS)."""
    why = off.get(identifier) or ("NOT_AVAILABLE" if identifier in NOT_OFFERED else "")
    return {
        "id": identifier,
        "label": label,
        "is_available": not why,
        "coverage_status": "UNSUPPORTED" if why == "NOT_AVAILABLE" else "SUPPORTED",
        "scope_config_setting": "DISABLED" if why == "DISABLED" else "ENABLED",
        "opted_out_by_customer": False,
        "fields": [],
    }


def describe(settings: dict[str, Any], created_at: str) -> dict[str, Any]:
    off = settings.get("off", {})
    tool = INTEGRATION_ID.partition(":")[0]
    labels = {action: action.removeprefix("ats_").replace("_", " ").capitalize() for *_, action, _ in ACTIONS.values()}
    return {
        "id": INTEGRATION_ID,
        "tool": {
            "id": tool, "label": "Greenhouse", "internal_label": None,
            "logo_url": "https://assets.example.com/gh/logo.svg", "icon_url": "https://assets.example.com/gh/icon.svg",
        },
        "category": "ATS",
        "status": settings.get("status", "ACTIVE"),
        "setup_status": settings.get("setup_status", "COMPLETED"),
        "end_user": END_USER,
        "scope_config": {"id": "921toi7ap9UxDuxE2HEKZGqe", "name": "Review app"},
        "data_expired_at": settings.get("data_expired_at"),
        "created_at": created_at,
        "beta": False,
        "read_models": [capability(model, label, off) for model, label in MODELS.items()],
        "write_actions": [capability(action, label, off) for action, label in labels.items()],
    }  # fmt: skip
