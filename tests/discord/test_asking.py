from __future__ import annotations

from tests.discord.stage import Scene, said


async def test_deal_answers_when_typed(scene: Scene) -> None:
    await scene.reader.send(scene.deals, "!deal nissan")
    answer = scene.deals.last_message
    assert answer is not None
    print(said(answer))
    assert "Oppama" in said(answer)
