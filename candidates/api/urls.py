"""API routes of the domain."""

from django.urls import path

from candidates.api.views import applications, jobs, people, pushes, reviews, vocabulary

urlpatterns = [
    path("candidates/", people.CandidatesView.as_view()),
    path("candidates/<uuid:pk>/", people.CandidateView.as_view()),
    path("candidates/<uuid:pk>/tags/", people.CandidateTagsView.as_view()),
    path("candidates/<uuid:pk>/tags/<uuid:tag_pk>/", people.CandidateTagView.as_view()),
    path("candidates/<uuid:pk>/notes/", people.CandidateNotesView.as_view()),
    path("candidates/<uuid:pk>/activity/", people.CandidateActivityView.as_view()),
    path("activity/", people.ActivityView.as_view()),
    path("jobs/", jobs.JobsView.as_view()),
    path("jobs/<uuid:pk>/", jobs.JobView.as_view()),
    path("applications/", applications.ApplicationsView.as_view()),
    path("applications/<uuid:pk>/", applications.ApplicationView.as_view()),
    path("applications/<uuid:pk>/move/", applications.MoveView.as_view()),
    path("applications/<uuid:pk>/reject/", applications.RejectView.as_view()),
    path("applications/<uuid:pk>/reopen/", applications.ReopenView.as_view()),
    path("applications/<uuid:pk>/shortlist/", applications.ShortlistView.as_view()),
    path("applications/<uuid:pk>/review/", reviews.MyReviewView.as_view()),
    path("applications/<uuid:pk>/reviews/", reviews.ReviewsView.as_view()),
    path("applications/<uuid:pk>/reveal/", reviews.RevealView.as_view()),
    path("tags/", vocabulary.TagsView.as_view()),
    path("tags/<uuid:pk>/", vocabulary.TagView.as_view()),
    path("talent-pools/", vocabulary.PoolsView.as_view()),
    path("talent-pools/<uuid:pk>/", vocabulary.PoolView.as_view()),
    path("talent-pools/<uuid:pk>/members/", vocabulary.PoolMembersView.as_view()),
    path("talent-pools/<uuid:pk>/members/<uuid:candidate_pk>/", vocabulary.PoolMemberView.as_view()),
    path("rejection-reasons/", vocabulary.ReasonsView.as_view()),
    path("rejection-reasons/<uuid:pk>/", vocabulary.ReasonView.as_view()),
    path("pushes/", pushes.PushesView.as_view()),
    path("pushes/<uuid:pk>/", pushes.PushView.as_view()),
]
