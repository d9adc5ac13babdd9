"""What a failed call to Slack says, also where it says it in no form of Slack's."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

_TROUBLE_FROM = 429


def word_of(error: SlackApiError) -> str:
    """Slack's word for what is wrong; "no_answer" where something in between sent a page instead."""
    response = error.response
    if isinstance(response, AsyncSlackResponse) and isinstance(response.data, dict):
        return str(response.data.get("error") or "")
    return "no_answer"


def is_overloaded(error: SlackApiError) -> bool:
    """Whether Slack asked to wait or could not answer: the same call may work later."""
    response = error.response
    return not isinstance(response, AsyncSlackResponse) or response.status_code >= _TROUBLE_FROM
