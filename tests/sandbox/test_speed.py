"""How fast the sandbox is with a bot that does next to nothing. Prints figures, asserts nothing."""

import asyncio
import statistics
import time

import pytest

from sandbox import Sandbox
from sandbox.client import Person, Workspace
from sandbox.jsontypes import Json
from tests.sandbox.echo_bot import http_bot, socket_bot
from tests.sandbox.listener import listening


@pytest.mark.benchmark
@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_forty_people_click_as_fast_as_they_can(
    sandbox: Sandbox, workspace: Workspace, mode: str
) -> None:
    people = [await workspace.add_person(f"p{n}") for n in range(40)]
    times: list[float] = []

    async def play(person: Person) -> None:
        await person.command("/slipway", "card")
        card = await person.next_message("Question 1")
        started = time.perf_counter()
        await person.click(card, "Level 2")
        await person.changed(card)
        times.append((time.perf_counter() - started) * 1000)

    async with (socket_bot if mode == "socket" else http_bot)(sandbox):
        started = time.perf_counter()
        await asyncio.gather(*(play(person) for person in people))
        took = time.perf_counter() - started
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"\n{mode}: 40 people, command, card, click, next card: {took:.2f} s in all, click p95 {p95:.0f} ms"
    )


@pytest.mark.benchmark
async def test_a_burst_of_a_thousand_payloads(sandbox: Sandbox, workspace: Workspace) -> None:
    payload: Json = {"type": "block_actions", "user": {"id": "U1"}, "actions": []}
    async with listening(sandbox) as heard:
        started = time.perf_counter()
        await asyncio.gather(*(workspace.deliver("interactive", payload) for _ in range(1_000)))
        took = time.perf_counter() - started
    print(f"\n{len(heard.bodies)} payloads over HTTP in {took:.2f} s")
