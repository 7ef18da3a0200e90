"""All connections, and a new one."""

from __future__ import annotations

from hashlib import blake2b

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from integrations import connections as verbs
from integrations.forms import ConnectionForm
from integrations.overview import overviews, with_last_runs
from integrations.pool_choice import HAVE_POOLS
from integrations.registry import PROVIDERS, labels
from recruitment.access import member_required, require_admin, require_decider, wants_fragment
from recruitment.errors import DomainError
from recruitment.requests import MemberRequest
from recruitment.toasts import flash_toast

# What a provider is, for whoever chooses one.
PROVIDER_TEXTS = {
    "kombo": "Greenhouse, Lever, Workday, Recruitee and many other applicant tracking systems.",
    "linkup": "Applicants of your jobs on LinkedIn, with their ratings and CVs. Each import costs credits.",
    "recruspace": "Talent pools with their candidates; tags and notes go back.",
    "talynce": "One organization's candidates with their statuses; decisions, notes and details go back.",
}


@require_safe
@member_required
def connections(request: MemberRequest) -> HttpResponse:
    """While an import runs the page asks every two seconds whether anything has moved; 204 when not."""
    require_decider(request.member)
    found = overviews(with_last_runs(request.member), request.member)
    mark = blake2b("|".join(one.mark for one in found).encode(), digest_size=12).hexdigest()
    if wants_fragment(request) and request.GET.get("seen") == mark:
        return HttpResponse(status=204)
    context = {
        "nav": "connections",
        "overviews": found,
        "mark": mark,
        "is_live": any(one.running for one in found),
        "needing": sum(one.connection.health in ("reconnect", "needs_attention") for one in found),
    }
    template = "integrations/connections.html" + ("#list" if wants_fragment(request) else "")
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@member_required
def connection_new(request: MemberRequest) -> HttpResponse:
    """Tries the credentials before it keeps them; the provider's own words stand beside the field."""
    require_admin(request.member)
    provider = request.GET.get("provider") or next(iter(PROVIDERS))
    if provider not in PROVIDERS:
        raise Http404
    form = ConnectionForm(provider, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.create_connection(
                member=request.member,
                provider=provider,
                name=form.cleaned_data["name"],
                base_url=form.base_url,
                credentials=form.credentials(),
                options=form.options(),
                first_import=provider not in HAVE_POOLS,
            )
        except DomainError as refusal:
            form.refuse(refusal.field, refusal.message, refusal.code)
        else:
            if provider in HAVE_POOLS:
                return redirect("integrations:pools", made.pk)
            flash_toast(request, f"{made.name} is connected.", detail="The first import is on its way.")
            return redirect("integrations:run", made.runs.latest("pk").pk)
    choices = [(slug, label, PROVIDER_TEXTS.get(slug, "")) for slug, label in labels.items()]
    context = {"form": form, "provider": provider, "choices": choices, "nav": "connections"}
    context["has_pools"] = provider in HAVE_POOLS
    return render(request, "integrations/connection_new.html", context, status=422 if form.errors else 200)
