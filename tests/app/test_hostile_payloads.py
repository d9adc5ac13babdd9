"""What anybody may throw at the request URL: unsigned, stale, broken, malicious. Nothing falls over."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from sandbox import Knobs, RateKnobs, Sandbox, SandboxConfig
from sandbox.client import Person, Workspace
from sandbox.requesturl import sign
from tests.app.hostile import attacks
from tests.app.scene import under_way
from tests.handlers.conftest import a_workspace
from tests.support.process import BotProcess, running_bot

SEED = 20261124

# 401 for bytes that are no text: those can't be signed.
_EXPECTED = (200, 400, 401)
_AT_ONCE = 16


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """The people of a pilot, for attacks on a diagnosis under way."""
    config = SandboxConfig(workspaces=[a_workspace()], knobs=Knobs(rates=RateKnobs(off=True)))
    async with Sandbox(config) as running:
        yield running


@pytest.fixture
async def bot(sandbox: Sandbox, sqlite_url: str) -> AsyncIterator[BotProcess]:
    async with running_bot(sandbox, sqlite_url, mode="http") as running:
        yield running


async def post(
    browser: httpx.AsyncClient,
    bot: BotProcess,
    body: bytes,
    headers: Mapping[str, str | bytes],
    content_type: str = "application/json",
) -> httpx.Response:
    return await browser.post(
        f"{bot.address}/slack/events",
        content=body,
        headers=_encoded({"Content-Type": content_type, **headers}),
    )


def _encoded(headers: Mapping[str, str | bytes]) -> list[tuple[bytes, bytes]]:
    return [
        (name.encode(), value if isinstance(value, bytes) else value.encode())
        for name, value in headers.items()
    ]


EVENT = b'{"type": "event_callback", "team_id": "T1", "event": {"type": "message"}}'


def _unsigned(secret: str) -> dict[str, dict[str, str | bytes]]:
    """Ways in which a request is not Slack's, and the headers that make it so."""
    now = int(time.time())
    good, when, what = sign(secret, EVENT, now), "X-Slack-Request-Timestamp", "X-Slack-Signature"
    return {
        "unsigned": {},
        "without a time": {what: good[what]},
        "without a signature": {when: good[when]},
        "by another secret": {**sign("another", EVENT)},
        "of another body": {**sign(secret, EVENT + b" ")},
        "stale": {**sign(secret, EVENT, now - 301)},
        "from the future": {**sign(secret, EVENT, now + 330)},
        "with words for a time": {when: "yesterday", what: good[what]},
        "with an endless time": {when: "9" * 5000, what: good[what]},
        "with a negative time": {when: f"-{good[when]}", what: good[what]},
        "with odd digits": {when: "\u0661\u0662".encode(), what: good[what]},
        "with an odd signature": {when: good[when], what: "v0=\u00e9\u00e9".encode()},
        "with an empty signature": {when: good[when], what: ""},
    }


async def test_what_slack_did_not_sign_just_now_is_turned_away(
    sandbox: Sandbox, bot: BotProcess, browser: httpx.AsyncClient
) -> None:
    got = {
        how: (await post(browser, bot, EVENT, headers)).status_code
        for how, headers in _unsigned(sandbox.signing_secret).items()
    }
    assert got == dict.fromkeys(got, 401)
    metrics = (await browser.get(f"{bot.address}/metrics")).text
    assert f'slipway_rejected_requests_total{{reason="unsigned"}} {len(got)}.0' in metrics


async def test_what_is_signed_but_malformed_is_named_so(
    sandbox: Sandbox, bot: BotProcess, browser: httpx.AsyncClient
) -> None:
    bodies = [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"payload=%7B",
        b"payload=",
        b'{"type": 5}',
        b'{"type": "event_callback", "event": 5}',
        b'{"type": "event_callback", "event": ' + b"[" * 9000 + b"]" * 9000 + b"}",
        b"&".join([b"a=1"] * 500),
    ]
    got = {
        body: (await post(browser, bot, body, sign(sandbox.signing_secret, body))).status_code
        for body in bodies
    }
    assert got == dict.fromkeys(bodies, 400)


async def test_a_body_larger_than_any_of_slacks_is_not_read(
    sandbox: Sandbox, bot: BotProcess, browser: httpx.AsyncClient
) -> None:
    body = b'{"type": "' + b"x" * 1_100_000 + b'"}'
    answer = await post(browser, bot, body, sign(sandbox.signing_secret, body))
    assert answer.status_code == 413


async def test_a_command_may_contain_the_word_payload(bot: BotProcess, mara: Person) -> None:
    asked = await mara.command("/slipway", "payload")
    assert asked.acked
    assert "payload" in str(asked.body)


async def test_slack_may_challenge_the_url(
    sandbox: Sandbox, bot: BotProcess, browser: httpx.AsyncClient
) -> None:
    body = b'{"type": "url_verification", "challenge": "c-1"}'
    answer = await post(browser, bot, body, sign(sandbox.signing_secret, body))
    assert "c-1" in answer.text


async def test_a_thousand_hostile_payloads_break_nothing(
    sandbox: Sandbox, workspace: Workspace, mara: Person, bot: BotProcess, browser: httpx.AsyncClient
) -> None:
    await survives(sandbox, workspace, bot, browser, count=1_000)
    assert (await mara.command("/slipway", "help")).acked


@pytest.mark.soak
async def test_ten_thousand_hostile_payloads_break_nothing(
    sandbox: Sandbox, workspace: Workspace, mara: Person, database_url: str, browser: httpx.AsyncClient
) -> None:
    async with running_bot(sandbox, database_url, mode="http") as bot:
        await survives(sandbox, workspace, bot, browser, count=10_000)
        assert (await mara.command("/slipway", "help")).acked


async def survives(
    sandbox: Sandbox, workspace: Workspace, bot: BotProcess, browser: httpx.AsyncClient, *, count: int
) -> None:
    """Attack a diagnosis under way, many payloads at once; look at every answer and at the log."""
    target = await under_way(sandbox, workspace)
    statuses: Counter[int] = Counter()
    waiting = list(attacks(target, SEED, count))

    async def send() -> None:
        while waiting:
            attack = waiting.pop()
            answer = await post(
                browser, bot, attack.body, sign(sandbox.signing_secret, attack.body), attack.content_type
            )
            statuses[answer.status_code] += 1
            assert answer.status_code in _EXPECTED, attack
            assert "Traceback" not in answer.text, attack

    await asyncio.gather(*(send() for _ in range(_AT_ONCE)))
    print(f"\n{count} hostile payloads (seed {SEED}): {dict(statuses)}")
    assert not bot.events("payload failed"), bot.events("payload failed")[0]
    assert "Traceback" not in bot.text
