"""One of everything that is said in a diagnosis, with texts of any length and kind put into it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.views import (
    answers,
    assessment,
    assessment_details,
    conversation,
    facilitation,
    kit,
    replies,
    rounds,
)
from bot.views.figures import Alternative, ConditionFigures, Figures, Gap, GroupSays, Pattern
from bot.views.outlook import Outlook, Step, outlook_modal
from bot.views.render import Message, Modal

AT = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
LINK = "https://wiki.example/" + "x" * 900
WORST_LIST = 120
"""More entries than any one message or modal can hold."""


def question(text: str, *, first: bool = False, changing: bool = False) -> conversation.Question:
    """A question card's values with `text` wherever words go."""
    last = conversation.LastAnswer("dat-named-steward", text, text)
    return conversation.Question(
        conversation="cv_0123456789abcdef",
        criterion="arc-integration-production",
        number=1 if first else 6,
        total=20,
        minutes_left=5,
        wording=text,
        anchors=[text] * 5,
        last=None if first else last,
        mention="U0ANNA" if first else None,
        changing=last if changing else None,
    )


def figures(text: str, gaps: int = WORST_LIST) -> Figures:
    """An assessment with `text` wherever words go, and `gaps` gaps."""
    says = [
        GroupSays(text, 1, decides=True),
        GroupSays(text, "dk"),
        GroupSays(text, None),
        GroupSays(text, "na"),
    ]
    all_gaps = [
        Gap(f"crit-{place}", text, text, "blocking", 3, None if place % 2 else 1, says, text, text)
        for place in range(gaps)
    ]
    return Figures(
        round="rd_0123456789abcdef",
        initiative=text,
        verdict="not_ready",
        counts={"blocking": gaps, "unknown": 1, "manageable": 12, "proof_gap": 1, "met": 11},
        conditions=[ConditionFigures(text, "red", 3, 8, 0.5), ConditionFigures(text, "green", 0, 0, None)],
        gaps=all_gaps,
        perception_gaps=all_gaps[:20],
        visibility_gaps=all_gaps[10:],
        patterns=[
            Pattern(text, text, "likely"),
            Pattern(text, text, "possible"),
            Pattern(text, text, "not_seen"),
        ],
        alternatives=[Alternative(text, 11)],
        overall_index=0.4286,
        alignment=0.8,
        unheard_groups=[text],
        round_two_until=AT,
    )


def _invitation(text: str, size: int, *, names: bool) -> Message:
    return conversation.invitation(
        conversation.Invitation("cv1", text, "U0FAC", text, size, 25, 12, AT, facilitator_sees_names=names)
    )


def _progress(text: str) -> replies.Progress:
    return replies.Progress("cv1", text, 6, 20, 8, AT)


def _my_answers(text: str, count: int, number: int = 0, *, open_: bool = True) -> Message:
    mine = [
        answers.MyAnswer(
            f"crit-{place}", place + 1, text, text if place % 3 else None, text, LINK,
            handed_to="U0BOB" if place % 5 == 4 else None,
        )
        for place in range(count)
    ]  # fmt: skip
    return answers.my_answers("cv1", text, mine, number, open_=open_)


def _gap_card(text: str) -> Message:
    views = [rounds.GroupView(text, level, text, [text] * 9, yours=level == 1) for level in (0, 1, 3, None)]
    return rounds.perception_gap_card(
        rounds.PerceptionGap("cv1", "arc-observability", text, text, text, views, [text] * 5, text, AT)
    )


def _follow_up(text: str) -> Message:
    asks = [
        rounds.FollowUp("probe", "a", text, text, text),
        rounds.FollowUp("who_knows", "b", text),
        rounds.FollowUp("show_it", "c", text, text),
    ]
    return rounds.follow_up("cv1", text, asks)


def _preview(text: str, *, waiting: bool = False) -> assessment.DiagnosePreview:
    groups = [assessment.GroupToAsk(text, people, 25, 12) for people in (2, 2, 3, 2)]
    return assessment.DiagnosePreview("rd1", text, groups, AT, [text] * 3 if waiting else [])


def _round(text: str, people: int, number: int = 0) -> Message:
    everyone = [assessment.PersonProgress("<@U0ANNA>", text, 6, 20, "answering") for _ in range(people)]
    return assessment.round_progress(
        assessment.RoundProgress("rd1", text, 1, everyone, AT, may_close=True), number
    )


def _mine(text: str) -> answers.MyAnswer:
    return answers.MyAnswer("crit", 3, text, text, text, "https://wiki.example")


def _last(text: str) -> conversation.LastAnswer:
    return conversation.LastAnswer("crit", text, text)


def _outlook(text: str) -> Modal:
    steps = [Step(text, text, text, 1.5, [text] * 3)] * WORST_LIST
    return outlook_modal(
        Outlook(
            text,
            {f"{text}{place}": steps for place in range(6)},
            {text: 2.5},
            capacity_known=True,
            alternative=text,
        )
    )


MESSAGES: Mapping[str, Callable[[str], Message]] = {
    "invitation to one": lambda text: _invitation(text, 1, names=True),
    "invitation to a small group": lambda text: _invitation(text, 3, names=False),
    "invitation to a large group": lambda text: _invitation(text, 9, names=True),
    "group opening": lambda text: conversation.group_opening("cv1", text, text, ["U1", "U2"], 25, 12),
    "first question": lambda text: conversation.question_card(question(text, first=True)),
    "sixth question": lambda text: conversation.question_card(question(text)),
    "changed question": lambda text: conversation.question_card(question(text, changing=True)),
    "answered card": lambda text: conversation.answered_card(question(text), _last(text)),
    "left card": lambda _: conversation.left_card(6, 20),
    "finished": lambda text: conversation.finished(conversation.Finished("cv1", text, 20, 2, AT, 3)),
    "finished last": lambda text: conversation.finished(conversation.Finished("cv1", text, 20, 0, None, 0)),
    "later": lambda text: replies.later(_progress(text), AT),
    "paused": lambda text: replies.paused(_progress(text)),
    "status": lambda text: replies.status(_progress(text)),
    "status at the end": lambda text: replies.status(replies.Progress("cv1", text, 20, 20, 0)),
    "help": lambda text: replies.help_reply(_progress(text)),
    "restart": lambda text: replies.restart_confirm(_progress(text)),
    "noted": lambda text: replies.noted(_last(text)),
    "withdrawn": lambda _: replies.withdrawn("cv1", "crit", 6),
    "not understood": lambda text: replies.not_understood(_progress(text), text),
    "say why": lambda _: replies.say_why("cv1", "crit"),
    "choose a colleague": lambda _: replies.choose_colleague("cv1", "crit"),
    "which conversation": lambda text: replies.which_conversation(
        [replies.OpenConversation(f"cv{place}", text, text) for place in range(WORST_LIST)],
        text,
        "1795700000.000100",
    ),
    "came late": lambda text: replies.came_late(_progress(text), text),
    "round two by card": lambda _: replies.round_two_by_card(),
    "edit came late": replies.edit_came_late,
    "no open conversation": lambda _: replies.no_open_conversation(),
    "old control": lambda _: replies.old_control(),
    "round closed": lambda text: replies.round_closed(text, "U0FAC"),
    "my answers": lambda text: _my_answers(text, WORST_LIST),
    "my answers, last page": lambda text: _my_answers(text, WORST_LIST, 99),
    "my answers, closed": lambda text: _my_answers(text, 3, open_=False),
    "my answers, none": lambda text: _my_answers(text, 0, open_=False),
    "follow-up": _follow_up,
    "passed on": lambda text: conversation.passed_on("U0BOB", text),
    "asked also": lambda text: conversation.asked_also("cv1", kit.said(text), 3),
    "record for": lambda text: facilitation.record_for("cv1", text, text, 25),
    "answering together": lambda text: facilitation.answering_together(text, text),
    "does not apply?": lambda text: facilitation.does_not_apply("1", "crit", text, text, [text] * 9),
    "does not apply, settled": lambda text: facilitation.not_applicable_settled(text, confirmed=True),
    "round two": lambda text: facilitation.round_two_opening(text, 4, AT),
    "perception gap": _gap_card,
    "round two kept": lambda text: rounds.round_two_kept(text, text),
    "round two changed": lambda text: rounds.round_two_changed(text, text, text),
    "diagnose preview": lambda text: assessment.diagnose_preview(_preview(text)),
    "diagnose not yet": lambda text: assessment.diagnose_preview(_preview(text, waiting=True)),
    "round opened": lambda text: assessment.round_opened(_preview(text)),
    "round progress": lambda text: _round(text, WORST_LIST, 1),
    "round progress, nobody": lambda text: _round(text, 0),
    "first screen": lambda text: assessment.first_screen(figures(text), "F0123456789"),
    "first screen, no gaps": lambda text: assessment.first_screen(figures(text, gaps=0)),
    "leads' preview": lambda text: assessment.leads_preview(figures(text), AT, "F0123456789"),
    "assessment updated": lambda text: assessment.updated(figures(text), 14, text),
    "fact to correct": lambda text: assessment_details.fact_to_correct(
        text, "U1", text, text, "https://a.example"
    ),
}

MODALS: Mapping[str, Callable[[str], Modal]] = {
    "note": lambda text: answers.note_modal("cv1", _mine(text), prompt=text),
    "show it": lambda text: answers.note_modal("cv1", _mine(text), wants_link=True),
    "does not apply": lambda text: answers.not_applicable_modal("cv1", "crit", text, text),
    "not mine": lambda text: answers.not_mine_modal("cv1", "crit", text),
    "pass on": lambda text: answers.hand_on_modal("cv1", text, text),
    "told to": lambda text: answers.told_to_modal("cv1", "crit", text, [text] * 5, text or "x", text),
    "round two reason": lambda text: rounds.round_two_reason_modal("cv1", "crit", 3, text, text),
    "gaps": lambda text: assessment_details.gaps_modal(figures(text)),
    "gaps, last page": lambda text: assessment_details.gaps_modal(figures(text), 999),
    "no gaps": lambda text: assessment_details.gaps_modal(figures(text, gaps=0)),
    "differences": lambda text: assessment_details.differences_modal(figures(text), 1),
    "scoring": lambda text: assessment_details.scoring_modal(figures(text)),
    "recorded all": lambda text: facilitation.recorded_all(text, 25),
    "confirm that it does not apply": lambda text: facilitation.confirm_not_applicable("1", "crit", text),
    "outlook": _outlook,
    "outlook, nothing blocks": lambda text: outlook_modal(
        Outlook(text, {text: []}, {}, capacity_known=False)
    ),
    "correct a fact": lambda text: assessment_details.correct_fact_modal(figures(text)),
}
