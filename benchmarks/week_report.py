"""The figures of the trial week, and its mistakes line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.week_articles import DAYS, LabelledArticle, What
from benchmarks.week_outcomes import Fate, Ledger, Outcome, has_right_stage_and_claim
from bot.model.review import Fit
from bot.model.tracking import Decision

#: Clicks of a desk without suggestions: an article is opened and dismissed; or its story, claim and stage are chosen and the
#: form is sent; or its story and development are chosen.
_OPEN, _DISMISS, _CHOOSE, _SEND = 1, 1, 2, 1


@dataclass(slots=True)
class Week:
    """What became of the week.

    Attributes:
        clicks: the desk's clicks by article id; ``failures`` what the editor could not do.
        posts: how many posts the following channel got.
        wrong_posts: the titles of articles that it got and should not have.
        lost: of each news that is not in its story when the week is over, the first article.
        corrections: how many publications needed another stage or claim afterwards.
        undone: how many publications were taken back.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    clicks: dict[str, int] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    posts: int = 0
    wrong_posts: list[str] = field(default_factory=list)
    lost: list[LabelledArticle] = field(default_factory=list)
    corrections: int = 0
    undone: int = 0

    def record_losses(self, ledger: Ledger) -> None:
        """Record, when the week is over, which news did not get into its story."""
        news = {each.news: each for each in reversed(list(ledger.articles.values())) if each.is_in_story}
        self.lost = [article for name, article in news.items() if name not in ledger.developments]

    def record_posts(self, texts: Sequence[str], outcomes: Iterable[Outcome]) -> None:
        """Record what the following channel has got, before the desk takes anything back."""
        content = "\n".join(texts)
        self.wrong_posts += [
            each.article.title
            for each in outcomes
            if each.fate is Fate.PUBLISHED and not each.is_right and each.article.title in content
        ]


def print_report(week: Week) -> None:
    """Print the figures and the mistakes."""
    own = [each for each in week.outcomes if each.article.is_in_story]
    unrelated = [each for each in week.outcomes if not each.article.is_in_story and not each.article.is_noise]
    noise = [each for each in week.outcomes if each.article.is_noise]
    for name, outcomes in (
        ("running stories", own),
        ("nothing new, or other news of the same parties", unrelated),
        ("other news", noise),
    ):
        _print_fates(name, outcomes)
    _print_suggestions([each for each in own if each.fate is Fate.QUEUED])
    _print_stages(own)
    _print_desk(week, own, unrelated + noise)
    total = len({each.article.news for each in own})
    print(f"news of running stories: {total}, in their stories when the week is over: {total - len(week.lost)}")
    for article in sorted(week.lost, key=lambda each: each.day):
        print(f"    lost: [{article.id}] {article.title}")
    print(f"the following channel got {week.posts} posts, wrong ones: {len(week.wrong_posts)}")
    for title in week.wrong_posts:
        print(f"    {title}")
    _print_mistakes(week)


def _print_fates(name: str, outcomes: Sequence[Outcome]) -> None:
    print(f"{name}: {len(outcomes)} articles")
    for fate in Fate:
        of_fate = [each for each in outcomes if each.fate is fate]
        if not of_fate:
            continue
        right = sum(each.is_right is True for each in of_fate)
        verdict = "" if fate is Fate.QUEUED else f": right {right}, wrong {len(of_fate) - right}"
        print(f"    {fate.value} {len(of_fate)}{verdict}")


def _print_suggestions(queued: Sequence[Outcome]) -> None:
    ranks = Counter(min(each.story_rank, 2) for each in queued)
    print(
        f"of the {len(queued)} of running stories that wait: its story first {ranks[1]}, among the three {ranks[2]}, not there {ranks[0]}"
    )
    told = [each for each in queued if each.was_told]
    print(
        f"    {len(told)} of them repeat known news: its development named {sum(each.names_development for each in told)}"
    )


def _print_stages(own: Sequence[Outcome]) -> None:
    firsts = [each for each in own if each.article.what is What.DEVELOPMENT and each.review is not None]
    firsts = [each for each in firsts if each.fate in (Fate.QUEUED, Fate.PUBLISHED)]
    stages = sum(each.review is not None and each.review.recommendation.stage in each.article.stages for each in firsts)
    claims = sum(each.review is not None and each.review.recommendation.claim in each.article.claims for each in firsts)
    print(f"developments with stage and claim: {len(firsts)}; stage right {stages}, claim right {claims}")


def _print_desk(week: Week, own: Sequence[Outcome], others: Sequence[Outcome]) -> None:
    for name, outcomes in (("articles of running stories", own), ("all others", others), ("all", [*own, *others])):
        decided = [each for each in outcomes if each.article.id in week.clicks]
        clicks = sum(week.clicks[each.article.id] for each in decided)
        bare = sum(_count_bare_clicks(each) for each in outcomes)
        print(
            f"the desk's clicks for {name}: {clicks} for {len(decided)} decisions ({clicks / max(1, len(outcomes)):.2f} an article); "
            f"at least {len(decided)}, without suggestions {bare}"
        )
    print(f"    corrected after publication {week.corrections}, taken back {week.undone}")
    waiting = [each for each in own if each.fate is Fate.QUEUED]
    waiting_others = [each for each in others if each.fate is Fate.QUEUED]
    print(f"    cards in the desk's channel: {(len(waiting) + len(waiting_others)) / DAYS:.0f} a day")
    for fit in (Fit.CLEAR, Fit.LIKELY, Fit.WEAK, None):
        print(
            f"    cards with {f'a {fit.value} match' if fit else 'no match'}: {_count_fit(waiting, fit)} of running stories, "
            f"{_count_fit(waiting_others, fit)} others"
        )


def _count_fit(outcomes: Sequence[Outcome], fit: Fit | None) -> str:
    fitting = [each.review.recommendation for each in outcomes if each.review and each.review.recommendation.fit is fit]
    return f"{len(fitting)} ({sum(bool(each.companies) for each in fitting)} name a known company)"


def _count_bare_clicks(outcome: Outcome) -> int:
    """Return the clicks that an article takes if nothing is suggested and every article is opened."""
    article = outcome.article
    if not article.is_in_story:
        return _OPEN + _DISMISS
    if article.what is What.RE_REPORT:
        return _OPEN + 2 * _CHOOSE
    return _OPEN + _CHOOSE + _CHOOSE * (2 - (None in article.stages)) + _SEND


def _print_mistakes(week: Week) -> None:
    lines = [line for each in week.outcomes if (line := _describe_mistake(each, week))]
    print(f"mistakes: {len(lines)}")
    for line in lines:
        print(f"    {line}")


def _describe_mistake(outcome: Outcome, week: Week) -> str:
    article, got = outcome.article, ""
    if outcome.is_right is False:
        got = f"{outcome.fate.value}: {outcome.got}"
    elif outcome.fate is Fate.QUEUED and article.is_in_story:
        got = _describe_bad_suggestion(outcome)
    if outcome.fate is Fate.PUBLISHED and outcome.is_right:
        got = _describe_stage(outcome)
    if article.id in week.failures:
        got = f"{got}; {week.failures[article.id]}".removeprefix("; ")
    return f"[{article.id}, day {article.day:.1f}] {article.title} — expected: {_expect(article)}; got: {got}" * bool(
        got
    )


def _describe_bad_suggestion(outcome: Outcome) -> str:
    review = outcome.review
    assert review is not None
    parts = []
    is_new = outcome.story_rank == 1 and review.recommendation.decision is not Decision.RE_REPORT
    if not (outcome.names_development if outcome.was_told else is_new):
        parts.append(f"suggested {outcome.got}")
    return "; ".join([*parts, *filter(None, [_describe_stage(outcome)])])


def _describe_stage(outcome: Outcome) -> str:
    article, review = outcome.article, outcome.review
    if article.what is not What.DEVELOPMENT or review is None or has_right_stage_and_claim(article, review):
        return ""
    return f"stage {review.recommendation.stage or 'none'}, {review.recommendation.claim}"


def _expect(article: LabelledArticle) -> str:
    match article.what:
        case What.DEVELOPMENT | What.NEW_STORY:
            stages = "|".join(sorted(stage.value if stage else "no stage" for stage in article.stages))
            return f"{article.what.value} of {article.story} ({stages}, {'|'.join(sorted(article.claims))})"
        case What.RE_REPORT:
            return f"re-report of {article.news}"
        case What.NOTHING_NEW:
            return f"nothing new about {article.story}"
        case _:
            return "no running story"
