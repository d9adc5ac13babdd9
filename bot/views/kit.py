"""Small typed builders over the SDK's Block Kit models: every text is made to fit as it is put in.

What a person wrote passes through `said`; everything else is our own words. Knows Slack's shapes, no views.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ConfirmObject,
    ContextBlock,
    ConversationFilter,
    ConversationSelectElement,
    DatePickerElement,
    DividerBlock,
    HeaderBlock,
    ImageBlock,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownTextObject,
    NumberInputElement,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
    StaticSelectElement,
    UrlInputElement,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.basic_components import SlackFile

from bot.views import limits
from bot.views.limits import clean, fit, one_line

CHANNELS: Final = ("public", "private")


def said(text: str) -> str:
    """What a person wrote, safe inside our mrkdwn: it can mention nobody and link nothing by itself."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str, limit: int = 600) -> str:
    """What a person wrote, as a quotation of every line, shortened to `limit`."""
    return "\n".join(f"> {line}" for line in fit(said(text), limit).split("\n"))


def person(user: str) -> str:
    """A mention, which Slack shows as the person's name."""
    return f"<@{said(user)}>"


def channel(channel_id: str) -> str:
    """A channel's link, which Slack shows as its name."""
    return f"<#{said(channel_id)}>"


def link(url: str, label: str) -> str:
    """A link with our own label; an address that would break out of it is shown as plain words."""
    if not url.startswith(("https://", "http://")) or any(mark in url for mark in "<>|\n "):
        return said(label)
    return f"<{said(url)}|{said(label).replace('|', '/')}>"


def moment(at: datetime) -> str:
    """A point in time in the reader's own zone; the fallback names the zone that `at` carries."""
    fallback = at.strftime("%a %d %b %Y, %H:%M %Z").strip()
    return f"<!date^{int(at.timestamp())}^{{date_long_pretty}} at {{time}}|{fallback}>"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 question`, `6 questions`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    *most, last = names or [""]
    return f"{', '.join(most)} and {last}" if most else last


def mrkdwn(text: str, limit: int) -> MarkdownTextObject:
    """A text in Slack's markup in which Slack looks for nothing that we did not mark ourselves."""
    return MarkdownTextObject(text=fit(text, limit), verbatim=True)


def plain(text: str, limit: int) -> PlainTextObject:
    """A text without markup, on one line."""
    return PlainTextObject(text=one_line(text, limit), emoji=True)


def section(
    text: str,
    *,
    fields: Sequence[str] = (),
    accessory: InteractiveElement | None = None,
    block_id: str | None = None,
) -> SectionBlock:
    """A paragraph, optionally with up to ten short fields and one control beside it."""
    return SectionBlock(
        text=mrkdwn(text, limits.SECTION_TEXT),
        fields=[mrkdwn(field, limits.FIELD_TEXT) for field in fields] or None,
        accessory=accessory,
        block_id=block_id,
    )


def context(*texts: str, block_id: str | None = None) -> ContextBlock:
    """Small print."""
    return ContextBlock(elements=[mrkdwn(text, limits.CONTEXT_TEXT) for text in texts], block_id=block_id)


def header(text: str) -> HeaderBlock:
    """A title; takes no markup, so a person's words need no escaping here."""
    return HeaderBlock(text=plain(text, limits.HEADER_TEXT))


def divider() -> DividerBlock:
    """A line between two parts."""
    return DividerBlock()


def actions(*elements: InteractiveElement, block_id: str | None = None) -> ActionsBlock:
    """A row of controls."""
    return ActionsBlock(elements=list(elements), block_id=block_id)


def image(
    alt_text: str, *, file_id: str | None = None, url: str | None = None, title: str = ""
) -> ImageBlock:
    """A picture with words for who can't see it: from a file already in Slack, or from a public address."""
    return ImageBlock(
        alt_text=fit(alt_text, limits.ALT_TEXT),
        slack_file=SlackFile(id=file_id) if file_id else None,
        image_url=None if file_id else url,
        title=plain(title, limits.IMAGE_TITLE) if title else None,
    )


def confirm(title: str, text: str, yes: str, no: str = "Go back", *, danger: bool = False) -> ConfirmObject:
    """The question asked before a click that can't be taken back."""
    return ConfirmObject(
        title=plain(title, limits.CONFIRM_TITLE),
        text=plain(text, limits.CONFIRM_TEXT),
        confirm=plain(yes, limits.CONFIRM_BUTTON),
        deny=plain(no, limits.CONFIRM_BUTTON),
        style="danger" if danger else None,
    )


def button(
    label: str,
    action: str,
    value: str = "",
    *,
    says: str | None = None,
    style: str | None = None,
    ask: ConfirmObject | None = None,
    url: str | None = None,
) -> ButtonElement:
    """A button. `says` is what a screen reader says instead of the label; `style` is primary or danger."""
    return ButtonElement(
        text=plain(label, limits.BUTTON_TEXT),
        action_id=action,
        value=value or None,
        accessibility_label=one_line(says, limits.ACCESSIBILITY_LABEL) if says else None,
        style=style,
        confirm=ask,
        url=url,
    )


def option(text: str, value: str, description: str | None = None) -> Option:
    """One choice of radios, checkboxes or a select."""
    return Option(
        text=plain(text, limits.OPTION_TEXT),
        value=value,
        description=plain(description, limits.OPTION_DESCRIPTION) if description else None,
    )


def _chosen(options: Sequence[Option], value: str | None) -> Option | None:
    return next((choice for choice in options if choice.value == value), None)


def radio(
    options: Sequence[Option], *, action: str | None = None, chosen: str | None = None
) -> RadioButtonsElement:
    """Up to ten choices, all readable before one is made; `chosen` is the value that is set already."""
    return RadioButtonsElement(action_id=action, options=options, initial_option=_chosen(options, chosen))


def overflow(options: Sequence[Option], *, action: str) -> OverflowMenuElement:
    """The “⋯” menu, for up to five things that are rarely wanted."""
    return OverflowMenuElement(action_id=action, options=options)


def checkboxes(
    options: Sequence[Option], *, action: str | None = None, chosen: Sequence[str] = ()
) -> CheckboxesElement:
    """Up to ten independent ticks; `chosen` are the values ticked already."""
    ticked = [choice for choice in options if choice.value in chosen]
    return CheckboxesElement(action_id=action, options=options, initial_options=ticked or None)


def select(
    options: Sequence[Option],
    *,
    action: str | None = None,
    placeholder: str = "Choose one",
    chosen: str | None = None,
) -> StaticSelectElement:
    """Up to a hundred choices behind one line."""
    return StaticSelectElement(
        action_id=action,
        placeholder=plain(placeholder, limits.PLACEHOLDER),
        options=options,
        initial_option=_chosen(options, chosen),
    )


def users_select(
    *, action: str | None = None, placeholder: str = "Choose a person", chosen: str | None = None
) -> UserSelectElement:
    """One person of the workspace."""
    return UserSelectElement(
        action_id=action, placeholder=plain(placeholder, limits.PLACEHOLDER), initial_user=chosen
    )


def multi_users_select(
    *,
    action: str | None = None,
    placeholder: str = "Choose people",
    chosen: Sequence[str] = (),
    at_most: int | None = None,
) -> UserMultiSelectElement:
    """Several people of the workspace."""
    return UserMultiSelectElement(
        action_id=action,
        placeholder=plain(placeholder, limits.PLACEHOLDER),
        initial_users=list(chosen) or None,
        max_selected_items=at_most,
    )


def conversations_select(
    *,
    action: str | None = None,
    placeholder: str = "Choose a channel",
    chosen: str | None = None,
    include: Sequence[str] = CHANNELS,
) -> ConversationSelectElement:
    """One channel of this workspace, none that is shared with others."""
    return ConversationSelectElement(
        action_id=action,
        placeholder=plain(placeholder, limits.PLACEHOLDER),
        initial_conversation=chosen,
        filter=ConversationFilter(
            include=list(include), exclude_bot_users=True, exclude_external_shared_channels=True
        ),
    )


def text_input(
    *,
    action: str | None = None,
    multiline: bool = False,
    initial: str = "",
    placeholder: str = "",
    at_least: int | None = None,
    at_most: int = limits.INPUT_LENGTH,
) -> PlainTextInputElement:
    """Free words; an initial text longer than `at_most` is shortened, as Slack would refuse it."""
    return PlainTextInputElement(
        action_id=action,
        multiline=multiline,
        initial_value=fit(initial, at_most) if initial else None,
        placeholder=plain(placeholder, limits.PLACEHOLDER) if placeholder else None,
        min_length=at_least,
        max_length=at_most,
    )


def number_input(
    *,
    action: str | None = None,
    decimals: bool = False,
    initial: str | None = None,
    least: str | None = None,
    most: str | None = None,
    placeholder: str = "",
) -> NumberInputElement:
    """A number, with its bounds as text, the way Slack wants them."""
    return NumberInputElement(
        action_id=action,
        is_decimal_allowed=decimals,
        initial_value=initial,
        min_value=least,
        max_value=most,
        placeholder=plain(placeholder, limits.PLACEHOLDER) if placeholder else None,
    )


def url_input(
    *, action: str | None = None, initial: str | None = None, placeholder: str = ""
) -> UrlInputElement:
    """A web address; Slack checks its form in the client only."""
    return UrlInputElement(
        action_id=action,
        initial_value=initial,
        placeholder=plain(placeholder, limits.PLACEHOLDER) if placeholder else None,
    )


def date_input(*, action: str | None = None, initial: date | None = None) -> DatePickerElement:
    """A calendar day."""
    return DatePickerElement(action_id=action, initial_date=initial.isoformat() if initial else None)


def field(
    label: str,
    element: InputInteractiveElement,
    block_id: str,
    *,
    optional: bool = False,
    hint: str = "",
    dispatch: bool = False,
) -> InputBlock:
    """A labelled input. Its action id is its block id unless one was given."""
    element.action_id = element.action_id or block_id
    return InputBlock(
        label=plain(label, limits.INPUT_LABEL),
        element=element,
        block_id=block_id,
        optional=optional,
        hint=plain(hint, limits.INPUT_HINT) if hint else None,
        dispatch_action=dispatch or None,
    )


__all__ = [
    "Block",
    "actions",
    "button",
    "channel",
    "checkboxes",
    "confirm",
    "context",
    "conversations_select",
    "date_input",
    "divider",
    "field",
    "header",
    "image",
    "link",
    "listed",
    "moment",
    "mrkdwn",
    "multi_users_select",
    "number_input",
    "option",
    "person",
    "plain",
    "plural",
    "quoted",
    "radio",
    "said",
    "section",
    "select",
    "text_input",
    "url_input",
    "users_select",
]
