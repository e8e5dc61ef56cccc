"""The persistent buttons and menus of the cards that answer questions."""

from __future__ import annotations

from bot.cards import custom_ids
from bot.cards.full_story import full_story_card_in_thread
from bot.cards.lists import list_card
from bot.cards.story import story_card
from bot.library.library import Library
from bot.model.list_query import ListQuery, ListSubject
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.platforms.discord.client import Interaction
from cogs.persistent import PersistentItem, get_destination_id, replace_or_reply, reply_privately

#: Number of companies with the same beginning among which a button's is searched for.
_MATCH_LIMIT = 200


class FullStoryButton(PersistentItem, template=custom_ids.FULL_STORY.pattern):
    """A button that shows a page of the full story."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page to the user alone."""
        await _show_full_story(interaction, self.params["slug"], int(self.params["page"]))


class PostStoryButton(PersistentItem, template=custom_ids.POST.pattern):
    """The "Full story" button of a post."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the story to the user alone."""
        await _show_full_story(interaction, self.params["slug"], 0)


async def _show_full_story(interaction: Interaction, slug: str, page: int) -> None:
    library = interaction.client.services.library
    story = await library.get_story(slug)
    new_ids = await find_new_developments(interaction, story)
    card = await full_story_card_in_thread(story, page, new_ids, today=library.get_today())
    await reply_privately(interaction, card)


class OtherStoriesMenu(PersistentItem, template=custom_ids.STORY_MENU.pattern):
    """A menu of other stories that match."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the selected story."""
        await show_story_privately(interaction, self.get_selection())


class RelatedStoryButton(PersistentItem, template=custom_ids.SHOW_STORY.pattern):
    """The button of a related story."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the story to the user alone."""
        await show_story_privately(interaction, self.params["slug"])


class ListPageButton(PersistentItem, template=custom_ids.LIST.pattern):
    """A page button of a list."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page."""
        query = await interaction.client.services.library.find_list(self.params["key"])
        await _show_list(interaction, query, int(self.params["page"]))


class RemoveFilterButton(PersistentItem, template=custom_ids.REMOVE_FILTER.pattern):
    """A button that removes a filter of a list."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the first page of the list without the filter."""
        query = await interaction.client.services.library.find_list(self.params["key"])
        await _show_list(interaction, query.without_filter(int(self.params["index"])), 0)


class DealsPageButton(PersistentItem, template=custom_ids.DEALS.pattern):
    """A page button of a list of stories."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page."""
        library = interaction.client.services.library
        company = await restore_company_name(library, self.params["company"], custom_ids.DEALS_NAME_LIMIT)
        query = ListQuery(
            ListSubject.DEALS if self.params["deals_only"] == "1" else ListSubject.STORIES,
            companies=(company,) if company else (),
            stages=(Stage(self.params["stage"]),) if self.params["stage"] else (),
            kinds=(Kind(self.params["kind"]),) if self.params["kind"] else (),
        )
        await _show_list(interaction, query, int(self.params["page"]))


class LatestPageButton(PersistentItem, template=custom_ids.LATEST.pattern):
    """A page button of the newest developments."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page."""
        library = interaction.client.services.library
        company = await restore_company_name(library, self.params["company"], custom_ids.NAME_LIMIT)
        query = ListQuery(ListSubject.DEVELOPMENTS, companies=(company,) if company else ())
        await _show_list(interaction, query, int(self.params["page"]))


class FilteredLatestPageButton(PersistentItem, template=custom_ids.NEWS.pattern):
    """A page button of the newest developments of a kind, stage or claim."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page."""
        library, params = interaction.client.services.library, self.params
        company = await restore_company_name(library, params["company"], custom_ids.NEWS_NAME_LIMIT)
        query = ListQuery(
            ListSubject.DEVELOPMENTS,
            companies=(company,) if company else (),
            kinds=(Kind(params["kind"]),) if params["kind"] else (),
            stages=(Stage(params["stage"]),) if params["stage"] else (),
            claims=(Claim(params["claim"]),) if params["claim"] else (),
        )
        await _show_list(interaction, query, int(params["page"]))


async def _show_list(interaction: Interaction, query: ListQuery, page: int) -> None:
    library = interaction.client.services.library
    list_page = await library.store_list(await library.get_list_page(query, page))
    await replace_or_reply(interaction, list_card(list_page))


async def show_story_privately(interaction: Interaction, slug: str) -> None:
    """Show a story to the user alone, with marks at what is new to them."""
    answer = await interaction.client.services.library.show_story(slug)
    new_ids = await find_new_developments(interaction, answer.story)
    card = story_card(answer, new_ids=new_ids, text_cache=interaction.client.story_texts)
    await reply_privately(interaction, card)


async def find_new_developments(interaction: Interaction, story: Story) -> frozenset[int]:
    """Return the ids of the developments that are new to the user. Only a card that nobody else sees may show them."""
    catchup = interaction.client.services.catchup
    return await catchup.find_new_developments(interaction.user.id, get_destination_id(interaction), story)


async def restore_company_name(library: Library, short_name: str, limit: int) -> str:
    """Return the company name that begins with *short_name*, to which a button had to cut it."""
    prefix = custom_ids.name_prefix(short_name, limit)
    if not prefix:
        return short_name
    names = await library.complete_company(prefix, _MATCH_LIMIT)
    return next(
        (name for name in names if custom_ids.shorten_name(name, limit) == short_name), next(iter(names), short_name)
    )


STORY_ITEMS: tuple[type[PersistentItem], ...] = (
    FullStoryButton,
    PostStoryButton,
    OtherStoriesMenu,
    RelatedStoryButton,
    ListPageButton,
    RemoveFilterButton,
    DealsPageButton,
    LatestPageButton,
    FilteredLatestPageButton,
)
