"""The first days of the trial week: what must hold however well the tracker judges."""

from pathlib import Path

from benchmarks.week import open_trial
from benchmarks.week_articles import read_own_articles
from benchmarks.week_outcomes import Fate


async def test_each_article_of_a_week_is_decided_once_and_posted_once(tmp_path: Path) -> None:
    """Ten feeds in three formats and four languages, four half days, an editor in the desk's channel."""
    articles = [article for article in read_own_articles() if article.day <= 2]
    async with open_trial(tmp_path, articles, "none") as trial:
        await trial.run(rounds=4)
        async with trial.store.read() as tx:
            assert await tx.reviews.count_waiting() == 0
            stories = [story for slug in await tx.stories.list_slugs() if (story := await tx.stories.find(slug))]
        posts = trial.list_posts()
    week, ledger = trial.week, trial.editor.ledger
    assert sorted(each.article.id for each in week.outcomes) == sorted(article.id for article in articles)
    assert [each.article.id for each in week.outcomes if each.fate is Fate.MISSING] == []
    queued = [each.article for each in week.outcomes if each.fate is Fate.QUEUED]
    assert {article.id for article in queued} <= set(week.clicks)
    for article in queued:
        assert not article.is_in_story or article.news in ledger.developments, article.title
    new = [each for story in stories for each in story.valid_developments if not each.key.startswith("earlier-")]
    assert new
    for development in new:
        assert sum(development.headline in post for post in posts) == 1, development.headline
