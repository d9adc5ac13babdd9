"""The last two people of a round may finish in the same moment: one of them is the last all the same."""

import asyncio
from datetime import timedelta

from bot.desk import closing
from bot.desk.playbooks import Playbooks
from bot.desk.work import Actor, House, Work
from bot.playbook.load import load_playbook
from bot.store.engine import Database
from bot.store.models import Conversation, ConversationState, Initiative, Round, Stakeholder, Workspace
from tests.support.clock import FakeClock

TEAM = "T1"


async def test_of_two_who_finish_together_the_second_sees_that_the_first_has_finished(
    database: Database, clock: FakeClock
) -> None:
    house = House(database.sessions, clock, Playbooks(load_playbook()))
    round_id, first, second = await _round_of_two(house)
    counted = asyncio.Event()

    async def finish(conversation_id: int) -> int:
        async with house.work(Actor(TEAM, f"U{conversation_id}")) as work:
            conversation = await work.session.get_one(Conversation, conversation_id)
            conversation.state = ConversationState.FINISHED
            round_ = await work.session.get_one(Round, round_id)
            await work.session.flush()
            still = await closing.still_answering(work, round_, besides=conversation_id)
            if not counted.is_set():
                counted.set()
                # Time for the other one to get as far as it can.
                await asyncio.sleep(0.2)
            return still

    finishing = [asyncio.create_task(finish(one)) for one in (first, second)]
    assert sorted(await asyncio.gather(*finishing)) == [0, 1]


async def _round_of_two(house: House) -> tuple[int, int, int]:
    async with house.work(Actor(TEAM, "U0")) as work:
        work.session.add(Workspace(id=TEAM))
        await work.session.flush()
        initiative = Initiative(
            workspace_id=TEAM, facilitator_id="U0", created_by="U0", created_at=work.now, zone="UTC"
        )
        work.session.add(initiative)
        sha256 = await work.playbooks.keep(work.session)
        await work.session.flush()
        round_ = Round(
            workspace_id=TEAM,
            initiative_id=initiative.id,
            number=1,
            playbook_sha256=sha256,
            profile={},
            opened_at=work.now,
            opened_by="U0",
            answer_by=work.now + timedelta(days=3),
        )
        work.session.add(round_)
        await work.session.flush()
        first, second = [await _answering(work, initiative, round_, user) for user in ("U1", "U2")]
        return round_.id, first, second


async def _answering(work: Work, initiative: Initiative, round_: Round, user_id: str) -> int:
    person = Stakeholder(
        workspace_id=TEAM, initiative_id=initiative.id, user_id=user_id, group="it_ops", added_at=work.now
    )
    work.session.add(person)
    await work.session.flush()
    conversation = Conversation(
        workspace_id=TEAM,
        initiative_id=initiative.id,
        round_id=round_.id,
        stakeholder_id=person.id,
        group=person.group,
        state=ConversationState.OPEN,
        criteria=[],
        root_key=f"invite:{user_id}",
    )
    work.session.add(conversation)
    await work.session.flush()
    return conversation.id
