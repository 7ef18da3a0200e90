"""LinkUp's rows with every field of linkup.md 6.2 and 8, each value its own, so that each can be looked for."""

from __future__ import annotations

from typing import Any

CANDIDATE = {
    "application_id": "27110045981",
    "rating": "GOOD_FIT",
    "is_top_choice": True,
    "top_choice_message": "I have followed your product for years.\nI would love to join.",
    "first_name": "Mina",
    "last_name": "Petrov",
    "full_name": "Mina A. Petrov",
    "headline": "Operations lead, logistics",
    "public_identifier": "mina-petrov-new",
    "profile_url": "https://www.linkedin.com/in/mina-petrov-07",
    "location": "Lyon, France",
    "experiences": [
        {
            "title": "Operations Lead",
            "company": "Blue Freight",
            "company_url": "https://www.linkedin.com/company/blue-freight/",
            "date_range": "3/2022 - Present",
            "description": "",
        },
        {
            "title": "Dispatcher",
            "company": "Red Freight",
            "company_url": "https://www.linkedin.com/company/red-freight/",
            "date_range": "9/2019 - 2/2022",
            "description": "Night shift planning",
        },
    ],
    "application_date": "2026-04-20 09:30:00",
    "education": [{"school": "University of Lyon", "degree": "Logistics", "date_range": "2015 - 2019"}],
}

POST = {
    "job_id": "4401122334",
    "title": "Warehouse Manager",
    "company": "Blue Freight",
    "location": "Lyon, France",
    "status": "PUBLISHED",
    "description": "<p>Lead a team of 12.</p>",
}


def candidate(**changes: Any) -> dict[str, Any]:
    return {**CANDIDATE, **changes}


def post(**changes: Any) -> dict[str, Any]:
    return {**POST, **changes}
