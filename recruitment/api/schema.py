"""The OpenAPI document: what is true of every operation, said once."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema as BaseSchema
from drf_spectacular.utils import Direction, OpenApiParameter, OpenApiTypes

from recruitment.api.serializers import ErrorSerializer

ALWAYS = {"401": "No token, or one that isn't valid.", "429": "Too many requests."}
WORDS = {
    "400": "The request can't be understood; the errors name the fields.",
    "403": "The member's role may not do this.",
    "404": "There is no such thing, or not for this member.",
    "409": "Things have changed meanwhile.",
}


class AutoSchema(BaseSchema):
    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if direction == "response":
            for status, words in self._errors().items():
                if status not in bodies:
                    bodies[status] = {
                        **self._get_response_for_code(ErrorSerializer, status, ["application/json"]),
                        "description": words,
                    }
        return dict(sorted(bodies.items()))

    def _errors(self) -> dict[str, str]:
        words = {"400", "404", "403"} if self.method == "GET" else set(WORDS)
        return {**ALWAYS, **{status: WORDS[status] for status in words}}

    def get_override_parameters(self) -> list[Any]:
        found = super().get_override_parameters()
        if self.method != "POST":
            return found
        key = OpenApiParameter(
            "Idempotency-Key",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            description="The same key and request again has no second effect and gets the first answer.",
        )
        return [*found, key]


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "recruitment.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "recruitment.api.authentication.MemberSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
