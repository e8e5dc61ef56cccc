"""How the bot starts: with and without the message-content intent, and which commands it registers where."""

from __future__ import annotations

import pytest

from bot.delivery.retention import Retention
from bot.errors import StoreBusy
from bot.model.follow import FollowState
from bot.platforms.discord.client import Dealwire, hybrid_command
from tests.discord.seen import buttons, said
from tests.discord.stage import SERVER, Scene, Stage

PUBLIC = set(
    "help deal deals story company latest upcoming timeline catchup follow unfollow following why settings status data".split()
)


def registered(scene: Scene) -> list[str]:
    """Return the scopes in which commands were registered so far, in their order."""
    return ["server" if "/guilds/" in request.path else "global" for request in scene.requests("PUT", "/commands")]


class Grown(Dealwire):
    """The next version of the bot: it has one command more."""

    async def setup_hook(self) -> None:
        @hybrid_command(name="fresh", description="New in this version.")
        async def fresh(ctx: object) -> None:
            raise NotImplementedError

        self.add_command(fresh)
        await super().setup_hook()


async def test_commands_are_registered_once_and_not_again_by_a_restart(scene: Scene) -> None:
    """Discord counts new commands: a bot that restarts often must not run out."""
    assert registered(scene) == ["global", "server"]
    await scene.restart()
    await scene.restart()
    assert registered(scene) == ["global", "server"]
    assert "EV production at Oppama" in said(await scene.reader.slash(scene.deals, "deal", query="nissan"))


async def test_commands_that_changed_are_registered_again(scene: Scene) -> None:
    await scene.start_as(Grown(scene.container.services))
    assert registered(scene) == ["global", "server", "global"]
    assert "fresh" in scene.reader.available_commands(scene.deals)
    await scene.restart()
    assert registered(scene)[3:] == ["global"]
    assert "fresh" not in scene.reader.available_commands(scene.deals)


async def test_only_editors_see_the_desks_commands(scene: Scene) -> None:
    """Readers see the asking commands and editors the desk's too."""
    assert set(scene.reader.available_commands(scene.deals)) == PUBLIC
    desk = {
        f"desk {word}"
        for word in "publish correct retract story terms expected merge split history summary queue".split()
    }
    desk |= {f"feeds {word}" for word in "add list pause resume remove check import export".split()}
    assert set(scene.editor.available_commands(scene.deals)) == PUBLIC | desk
    assert set(scene.reader.user.available_commands()) == PUBLIC


async def test_the_desk_is_on_the_one_server_that_the_bot_is_in(scene: Scene) -> None:
    """A second server leaves none to be the desk's; when it goes, the first is it again."""
    other = scene.env.create_guild("Other")
    await scene.env.settle()
    assert "desk publish" not in scene.editor.available_commands(scene.deals)
    scene.env.backend.remove_guild(other.id)
    await scene.env.settle()
    assert "desk publish" in scene.editor.available_commands(scene.deals)


async def test_a_named_desk_server_keeps_the_desk_among_many(stage: Stage) -> None:
    async with stage.open(DESK_GUILD_ID=str(SERVER)) as scene:
        other = scene.env.create_guild("Other")
        there = other.create_text_channel("there")
        boss = other.add_member(other.owner)
        await scene.env.settle()
        assert "desk publish" in scene.editor.available_commands(scene.deals)
        assert "desk publish" not in boss.available_commands(there)
        assert "deal" in boss.available_commands(there)


async def test_without_message_content_slash_mentions_and_dms_answer(stage: Stage) -> None:
    """Discord gives a message's text when it mentions the bot, and in DMs; a typed command comes without its text."""
    async with stage.open(content=False) as scene:
        assert scene.client.intents.message_content is False
        assert await scene.hears("!deal nissan foxconn") == []
        for answer in (
            await scene.ask(f"{scene.mention} nissan foxconn"),
            await scene.ask(f"{scene.mention} deal nissan foxconn"),
            await scene.ask("!deal nissan foxconn", at=scene.reader.user.dm_channel),
            await scene.reader.slash(scene.deals, "deal", query="nissan foxconn"),
        ):
            assert "EV production at Oppama" in said(answer)
            assert "Full story" in buttons(answer)


async def test_without_message_content_status_says_what_is_off(stage: Stage) -> None:
    async with stage.open(content=False) as scene:
        answer = said(await scene.reader.slash(scene.deals, "status"))
        assert "off: the message-content intent is missing" in answer
        assert "`!deal` doesn't work" in answer


async def test_lost_posts_are_found_without_message_content(stage: Stage) -> None:
    """A bot may always read its own messages."""
    async with stage.open(content=False) as scene:
        await scene.editor.slash(scene.deals, "follow", target="nissan")
        scene.env.inject_error("POST", f"/channels/{scene.deals.id}/messages", status=503)
        await scene.publish()
        await scene.send_posts()
        body = scene.requests("POST", f"/channels/{scene.deals.id}/messages")[-1].json
        bot = scene.env.backend.bot_user.id
        scene.env.backend.create_message(scene.deals.id, bot, components=body["components"], flags=body["flags"])
        await scene.env.advance_time(10)
        await scene.send_posts()
        assert len(scene.posts()) == 1


async def test_commands_that_discord_refuses_keep_the_bot_from_nothing(scene: Scene) -> None:
    """It starts, typed commands answer, and the next start registers them."""
    scene.env.inject_error("PUT", "/applications/*/commands", status=400, code=50035, message="Invalid Form Body")
    await scene.start_as(Grown(scene.container.services))
    (record,) = scene.bugs
    assert "Discord refused the slash commands" in record.getMessage()
    scene.bugs.clear()
    assert "EV production at Oppama" in said(await scene.ask("!deal nissan"))
    await scene.start_as(Grown(scene.container.services))
    assert "fresh" in scene.reader.available_commands(scene.deals)


async def test_a_database_that_is_busy_at_the_start_loses_no_server(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the bot was removed from, or came back to, is noted as soon as the database allows."""
    await scene.editor.slash(scene.deals, "follow", target="nissan")
    await scene.container.services.retention.record_guild_left(scene.guild.id)
    record, failures = Retention.record_guild_returned, [True, True]

    async def busy(retention: Retention, guild_id: int) -> None:
        if failures and failures.pop():
            raise StoreBusy("The database is busy.")
        await record(retention, guild_id)

    monkeypatch.setattr(Retention, "record_guild_returned", busy)
    await scene.restart()
    await scene.env.advance_time(5)
    (follow,) = await scene.follows()
    assert follow.state is FollowState.ACTIVE
    scene.bugs.clear()
