"""Typed text is encoded as Slack encodes it, and nothing anybody sends makes the sandbox stumble."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.config import SandboxConfig
from sandbox.state import Team
from sandbox.typed import encode_typed, escape, links_in
from sandbox.validator import message_faults, metadata_fault, view_faults
from sandbox.world import World


@pytest.fixture(scope="module")
def team() -> Team:
    found = World(SandboxConfig()).team(None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("typed", "encoded"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("see https://example.com/a, then", "see <https://example.com/a>, then"),
        ("(https://example.com/a?x=1&y=2)", "(<https://example.com/a?x=1&amp;y=2>)"),
        ("look at example.com today", "look at <http://example.com|example.com> today"),
        ("write to mara@example.com", "write to <mailto:mara@example.com|mara@example.com>"),
        ("level 2. because", "level 2. because"),
        ("already <https://example.com|done>", "already <https://example.com|done>"),
        ("nobody @zoe", "nobody @zoe"),
    ],
)
def test_typed_text_is_encoded_as_slack_does(team: Team, typed: str, encoded: str) -> None:
    assert encode_typed(typed, team) == encoded


def test_mentions_become_ids(team: Team) -> None:
    mara, pilot = team.person("mara"), team.channel("pilot")
    assert mara is not None
    assert pilot is not None
    assert encode_typed("@mara in #pilot", team) == f"<@{mara.id}> in <#{pilot.id}|pilot>"


def test_links_are_read_back(team: Team) -> None:
    assert links_in(encode_typed("https://example.com/a?x=1&y=2", team)) == ["https://example.com/a?x=1&y=2"]


@given(st.text(alphabet=st.characters(exclude_characters="<@#:./"), max_size=80))
def test_plain_text_is_only_escaped(text: str) -> None:
    assert encode_typed(text, Team("T1", "t", "t")) == escape(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "element", "options", "value", "accessory", "rows"]),
            inner | st.sampled_from(["section", "actions", "input", "image", "plain_text", "static_select"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_json_makes_the_validator_stumble(value: object) -> None:
    message_faults(value)
    message_faults([value])
    view_faults(value)
    view_faults({"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [value]})
    metadata_fault(value)
