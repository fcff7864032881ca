"""The fourth wall: what is reached besides the table: one's own, and what operations of a request change.

An operation says its name to the database for its own length (`row_security.operating`), and only then
reaches what stands here. What commands do stands in row_security_commands.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from inbeeld.access.row_security_actor import literal
from inbeeld.kernel.access import Stage
from inbeeld.kernel.involvement import AROUND_THE_MEETING, EMERGENCY, LONGEST_DAYS, SEARCHES_IN

#: Operations that reach children their actor does not, or not yet, or no longer see, and which those are.
#: Of one's own involvement.
OWN = ("accept", "refuse", "stop")
#: Of involvement one granted.
GRANTED = ("withdraw", "extend")
#: Of the involvement of who leaves: oneself, or for an application administrator a colleague.
WORK = ("hand_over_work", "end_work")
#: Of the region, for a role that may call an emergency.
IN_AN_EMERGENCY = ("find_for_emergency", "call_emergency")
#: Of whom a privacy officer reads the log, or reviews an emergency.
BY_AN_OFFICER = ("read_the_log", "emergencies_for", "review_emergency", "give_back_emergency")
#: Operations that read the family and the signatures of a child the actor knows of, to see who decides.
WHO_DECIDES = (
    "ask", "sign", "record_signature", "withdraw_consent", "re_evaluate", "register_kin", "end_kin", "kin_of",
    "relations_of",
)  # fmt: skip
#: Operations that change something about a child the actor knows of.
ON_A_KNOWN_CHILD = ("grant", "hand_over_direction", "seat", "set_case_stage")
OPERATIONS = (
    *OWN, *GRANTED, *WORK, *IN_AN_EMERGENCY, "why_the_button_is_lost", *BY_AN_OFFICER, *WHO_DECIDES,
    *ON_A_KNOWN_CHILD,
)  # fmt: skip

#: What the journal calls looking for a child in an emergency (operations_ground.Did).
SEARCH = "find_in_emergency"


@dataclass(frozen=True)
class Changes:
    """What a request may change in one table, as conditions on the row; empty: nothing.

    `by_the_table`: entries of the own organisation, as the table of access says; `deletes`: these may also be
    deleted. `reads`: which rows are read besides what the table gives. No row moves to another child, organisation or person: `columns` are
    those each operation may change, of what is changed in operations only; `fixed` are those that always stay.
    `never`: sentences, each with the condition on OLD and NEW that it forbids. `only_by`: columns that not
    every command that changes the table may change, with those that do.
    """

    by_the_table: bool = False
    deletes: bool = False
    insert: str = ""
    update: str = ""
    reads: str = ""
    fixed: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: Mapping[str, str] = field(default_factory=dict)
    only_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def during(*operations: str) -> str:
    """The condition that one of these operations goes on."""
    return f"(SELECT inbeeld_operation()) IN ({', '.join(map(literal, operations))})"


def either(*conditions: str) -> str:
    """One of these conditions."""
    return " OR ".join(f"({one})" for one in conditions)


def both(*conditions: str) -> str:
    """All of these conditions."""
    return " AND ".join(f"({one})" if " OR " in one else one for one in conditions)


ME = "(SELECT inbeeld_membership())"
MY_KINSHIP = "(SELECT inbeeld_kinship())"
MY_ORGANISATION = "(SELECT inbeeld_organisation())"
MY_PERSON = "(SELECT inbeeld_person())"
KNOWN = "IN (SELECT inbeeld_children('IDE', 'read'))"
FAMILY_WRITTEN = "IN (SELECT inbeeld_children('FAM', 'write'))"
BESIDES = "IN (SELECT inbeeld_children_besides())"
_ANOTHER_PERSON = "NOT inbeeld_is_oneself(membership_id)"
_MY_ROLES = f"(SELECT m.id FROM organisations_membership m WHERE m.person_id = {MY_PERSON})"
_COLLEAGUES = f"(SELECT m.id FROM organisations_membership m WHERE m.organisation_id = {MY_ORGANISATION})"
#: A child known to a member: kin change nothing of who is involved, nor of the case.
_A_MEMBER_KNOWS = f"{ME} IS NOT NULL AND child_id {KNOWN}"
_WAITS_FOR_ME = both(
    f"membership_id = {ME}",
    "kind = 'involved'",
    "accepted_at IS NULL",
    "ended_at IS NULL",
    "until_at > inbeeld_now()",
)
#: The clock of the site and that of the database may differ a little.
_A_LITTLE = "interval '1 minute'"


def _at_most(period: timedelta) -> str:
    return f"interval '{period.total_seconds():.0f} seconds'"


#: Until the end of a day, so up to a day more; and in spring and autumn a day is an hour longer or shorter.
_A_DAY = timedelta(days=1, hours=1)
_NOT_TOO_LONG = f"until_at <= inbeeld_now() + {_at_most(timedelta(days=LONGEST_DAYS) + _A_DAY)}"
_AROUND_A_MEETING = f"until_at <= from_at + {_at_most(2 * AROUND_THE_MEETING + _A_DAY)}"
_AT_MOST_AN_EMERGENCY = both(
    f"until_at <= from_at + {_at_most(EMERGENCY)}",
    f"from_at <= inbeeld_now() + {_A_LITTLE}",
    # Two working days, with a weekend between; without a day nobody would look at it.
    "review_due_on BETWEEN inbeeld_today() AND inbeeld_today() + 5",
)
#: As it begins: not ended, not looked at.
_NEW = both("ended_at IS NULL", "reviewed_at IS NULL", "reviewed_by_id IS NULL", "review = ''")
#: Somebody is asked, and has not answered.
_ASKED = both(
    _NEW, "kind = 'involved'", "accepted_at IS NULL", "review_due_on IS NULL", _ANOTHER_PERSON, _NOT_TOO_LONG
)
#: In one's own name; a request without an actor (somebody logs in) never in that of a member, kin or command.
_IN_ONES_OWN_NAME = (
    "CASE WHEN (SELECT inbeeld_setting()) IS NULL THEN actor !~ '^(membership|kinship|command):'"
    " ELSE actor = (SELECT inbeeld_setting()) END"
)

#: Of an involvement, what ends it.
_END = ("ended_at", "ended_because")
#: A last day that moves further away.
_LATER = "OLD.until_on IS NOT NULL AND (NEW.until_on IS NULL OR NEW.until_on > OLD.until_on)"
#: Of a report to DUO, what the school said and when.
_REPORTED = (
    "kind", "begins_on", "days", "minutes", "all_lessons", "reason", "measures", "wants_action",
    "why_no_action", "phone", "version", "reported_on", "reported_by_id", "number",
)  # fmt: skip
CHANGES: Mapping[str, Changes] = {
    "access.Involvement": Changes(
        reads=either(
            _WAITS_FOR_ME,
            f"child_id {BESIDES}",
            both(during("set_case_stage"), f"membership_id = {ME}"),
            both(
                during(*IN_AN_EMERGENCY, "why_the_button_is_lost"),
                "kind = 'emergency'",
                f"membership_id IN {_MY_ROLES}",
            ),
        ),
        insert=either(
            both(during("grant"), _ASKED, f"granted_by_id = {ME}", f"child_id {KNOWN}"),
            both(
                during("seat"), _NEW, "kind = 'table'", "NOT directs", "review_due_on IS NULL",
                f"granted_by_id = {ME}", _ANOTHER_PERSON, f"child_id {KNOWN}", _AROUND_A_MEETING,
            ),
            both(
                during("hand_over_work"), _ASKED, "NOT directs", "inbeeld_ends_work_of(granted_by_id)",
                f"membership_id IN {_COLLEAGUES}", f"child_id {BESIDES}",
            ),
            both(
                during("call_emergency"), _NEW, "kind = 'emergency'", "NOT directs", f"membership_id = {ME}",
                f"granted_by_id = {ME}", f"child_id {BESIDES}", _AT_MOST_AN_EMERGENCY,
            ),
        ),
        update=either(
            both(during(*OWN), f"membership_id = {ME}"),
            both(
                during("withdraw"), "kind <> 'emergency'",
                either(_A_MEMBER_KNOWS, f"granted_by_id = {ME}"),
            ),
            both(during("extend"), "kind = 'involved'", _ANOTHER_PERSON, _A_MEMBER_KNOWS),
            both(during("grant", "hand_over_direction"), "kind = 'involved'", _A_MEMBER_KNOWS),
            # One's own last: of a closed case one knows no more.
            both(during("set_case_stage"), either(_A_MEMBER_KNOWS, f"membership_id = {ME}")),
            both(during("hand_over_work"), f"membership_id IN {_COLLEAGUES}", f"child_id {BESIDES}"),
            both(during("end_work"), "inbeeld_ends_work_of(membership_id)"),
            both(
                during("review_emergency", "give_back_emergency"), "kind = 'emergency'", _ANOTHER_PERSON,
                f"child_id {BESIDES}",
            ),
        ),
        columns={
            "accept": ("accepted_at",),
            "refuse": _END, "stop": _END, "withdraw": _END, "set_case_stage": _END,
            "extend": ("until_at",),
            "grant": ("directs",), "hand_over_direction": ("directs",),
            "hand_over_work": (*_END, "directs"),
            "end_work": ("until_at", *_END),
            "review_emergency": ("reviewed_at", "reviewed_by_id", "review", *_END),
            "give_back_emergency": ("review_due_on",),
        },
        never={
            "nobody involves themselves":
                "(NEW.until_at > OLD.until_at OR NEW.directs AND NOT OLD.directs)"
                " AND inbeeld_is_oneself(NEW.membership_id)",
            "what has ended stays as it ended":
                "OLD.ended_at IS NOT NULL AND"
                " (OLD.ended_at, OLD.ended_because, OLD.until_at, OLD.accepted_at, OLD.directs) IS DISTINCT FROM"
                " (NEW.ended_at, NEW.ended_because, NEW.until_at, NEW.accepted_at, NEW.directs)",
            "what is over does not go on": "OLD.until_at <= inbeeld_now() AND NEW.until_at > OLD.until_at",
            "only who extends makes it longer":
                "NEW.until_at > OLD.until_at AND inbeeld_operation() IS DISTINCT FROM 'extend'",
            "nobody is involved for longer than a year at a time":
                f"NEW.until_at > OLD.until_at AND NOT (NEW.{_NOT_TOO_LONG})",
            "what was accepted stays accepted":
                "OLD.accepted_at IS NOT NULL AND NEW.accepted_at IS DISTINCT FROM OLD.accepted_at",
            "who asks somebody gives nobody direction":
                "NEW.directs AND NOT OLD.directs AND inbeeld_operation() = 'grant'",
            "who leaves ends only what is theirs":
                "inbeeld_operation() = 'hand_over_work' AND NOT inbeeld_ends_work_of(NEW.membership_id) AND"
                " (OLD.ended_at, OLD.ended_because) IS DISTINCT FROM (NEW.ended_at, NEW.ended_because)",
            "a review is given once, in one's own name":
                "(OLD.reviewed_at, OLD.reviewed_by_id, OLD.review) IS DISTINCT FROM"
                " (NEW.reviewed_at, NEW.reviewed_by_id, NEW.review) AND"
                " (OLD.reviewed_at IS NOT NULL OR NEW.reviewed_by_id IS DISTINCT FROM inbeeld_membership())",
            "only what was not justified is given back":
                "NEW.review_due_on IS DISTINCT FROM OLD.review_due_on AND"
                " (NEW.review_due_on IS NOT NULL OR OLD.review <> 'not_justified')",
        },
    ),
    "access.Kinship": Changes(
        reads=either(
            both(during(*WHO_DECIDES), f"child_id {KNOWN}"), "id IN (SELECT inbeeld_kinships_of_person())"
        ),
        # Nobody says of themselves that they are kin.
        insert=both(during("register_kin"), f"child_id {FAMILY_WRITTEN}", f"person_id <> {MY_PERSON}"),
        update=both(during("end_kin"), f"child_id {FAMILY_WRITTEN}", f"person_id <> {MY_PERSON}"),
        columns={"end_kin": ("until_on",)},
        never={"who is kin no more does not become it again": _LATER},
    ),
    "access.Consent": Changes(
        insert=both(during("ask"), f"asked_by_id = {ME}", f"child_id {KNOWN}"),
        update=both(during("withdraw_consent", "re_evaluate"), f"child_id {KNOWN}"),
        columns={
            "withdraw_consent": ("withdrawn_at", "holds_from", "holds_until"),
            "re_evaluate": ("holds_from", "holds_until"),
        },
        never={"what was withdrawn stays withdrawn": "OLD.withdrawn_at IS NOT NULL"},
    ),
    "access.Signature": Changes(
        reads=either(
            f"by_id = {MY_KINSHIP}",
            both(during(*WHO_DECIDES), "consent_id IN (SELECT inbeeld_consents('IDE', 'read'))"),
        ),
        insert=both(
            either(
                both(during("sign"), f"by_id = {MY_KINSHIP}", "recorded_by_id IS NULL"),
                both(during("record_signature"), f"recorded_by_id = {ME}"),
            ),
            "consent_id IN (SELECT inbeeld_consents('IDE', 'read'))",
        ),
    ),
    "keys.DataKey": Changes(
        # A name can only be compared by opening it.
        reads=both(
            during("find_for_emergency"),
            "\"group\" = 'identity'",
            "child IN (SELECT inbeeld_references_besides())",
        ),
        # Made with the first that is written under it; only commands rewrap and forget keys.
        insert="shredded_at IS NULL AND child IN (SELECT inbeeld_references('IDE', 'read'))",
    ),
    "learners.Learner": Changes(
        reads=f"id {BESIDES}",
        update=both(during("set_case_stage"), f"{ME} IS NOT NULL", f"id {KNOWN}"),
        columns={"set_case_stage": ("case_stage",)},
        never={
            "only a command opens a closed case":
                f"OLD.case_stage >= {Stage.CLOSED.value} AND NEW.case_stage IS DISTINCT FROM OLD.case_stage",
            "a case is with the taskforce, in aftercare, or closed":
                f"NEW.case_stage NOT IN ({Stage.TASKFORCE.value}, {Stage.AFTERCARE.value}, {Stage.CLOSED.value})",
        },
        # Who delivers says who a child is, not where it stands.
        only_by={"case_stage": ("reopen", "retention", "demo")},
    ),
    "learners.Standing": Changes(reads=f"learner_id {BESIDES}"),
    "learners.Enrolment": Changes(),
    "learners.Verdict": Changes(),
    "learners.Entry": Changes(
        by_the_table=True,
        fixed=("id", "learner_id", "field_class", "organisation_id", "written_by_id", "written_at"),
    ),
    # A text that was never saved is nobody's file: who wrote it throws it away.
    "learners.Draft": Changes(
        by_the_table=True,
        deletes=True,
        fixed=("id", "learner_id", "field_class", "entry_id", "version", "organisation_id", "written_by_id"),
    ),
    # What was recorded stays; what was wrong is struck out, once.
    "contacts.Contact": Changes(
        by_the_table=True,
        fixed=(
            "id", "learner_id", "field_class", "on", "party", "means", "reached", "text", "organisation_id",
            "written_by_id", "written_at",
        ),
        never={
            "what was struck out stays struck out":
                "OLD.struck_at IS NOT NULL AND NEW.struck_at IS DISTINCT FROM OLD.struck_at",
        },
    ),
    # The agreement stays as it was made; what became of it stands beside it, and stays too.
    "agreements.Agreement": Changes(
        by_the_table=True,
        fixed=(
            "id", "learner_id", "doer", "doer_member_id", "due_on", "what", "why", "organisation_id",
            "written_by_id", "written_at",
        ),
        never={
            "what was struck out stays struck out":
                "OLD.struck_at IS NOT NULL AND NEW.struck_at IS DISTINCT FROM OLD.struck_at",
            "only its writer strikes it out":
                "NEW.struck_at IS DISTINCT FROM OLD.struck_at"
                " AND NEW.written_by_id IS DISTINCT FROM inbeeld_membership()",
        },
    ),
    "agreements.Step": Changes(
        by_the_table=True,
        fixed=(
            "id", "agreement_id", "learner_id", "said", "to_on", "because", "organisation_id", "written_by_id",
            "written_at",
        ),
    ),
    # What was judged stays; it is only ended.
    "causes.Judged": Changes(
        by_the_table=True,
        fixed=(
            "id", "learner_id", "field_class", "on", "cause", "text", "organisation_id", "written_by_id",
            "written_at",
        ),
        never={"what was ended stays ended": "OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at"},
    ),
    # Kept by the publication of a judgement alone: nobody closes one.
    "alerts.Alert": Changes(),
    # What was said stays; it is only taken back.
    "alerts.Parking": Changes(
        by_the_table=True,
        fixed=(
            "id", "alert_id", "learner_id", "field_class", "because", "until_on", "answer", "reached_on",
            "organisation_id", "parked_by_id", "parked_at",
        ),
    ),
    "duo.Report": Changes(
        by_the_table=True,
        fixed=("id", "learner_id", "organisation_id", "written_by_id", "written_at"),
        never={
            "what was reported stays as it was":
                "OLD.state <> 'prepared' AND"
                f" ({', '.join(f'OLD.{one}' for one in _REPORTED)}) IS DISTINCT FROM"
                f" ({', '.join(f'NEW.{one}' for one in _REPORTED)})",
            "an end is told once, and stays":
                "OLD.state <> 'prepared' AND"
                " (OLD.ends_on, OLD.end_reported_on) IS DISTINCT FROM (NEW.ends_on, NEW.end_reported_on) AND"
                " (OLD.ends_on IS NOT NULL OR OLD.state <> 'reported' OR NEW.end_reported_on IS NULL)",
            "what was withdrawn stays withdrawn":
                "OLD.state = 'withdrawn' AND"
                " (OLD.state, OLD.withdrawn_on) IS DISTINCT FROM (NEW.state, NEW.withdrawn_on)",
            "what was reported is prepared no more": "OLD.state <> 'prepared' AND NEW.state = 'prepared'",
        },
    ),
    # What was said stays; what is said later stands beside it.
    "duo.Answer": Changes(
        by_the_table=True,
        fixed=(
            "id", "report_id", "learner_id", "status", "closed_as", "no_absence", "note", "contact", "said_on",
            "organisation_id", "written_by_id", "written_at",
        ),
    ),
    "learners.Address": Changes(by_the_table=True, fixed=("id", "learner_id", "entered_by_id")),
    "journal.Line": Changes(
        reads=either(
            "actor = (SELECT inbeeld_name())",
            "organisation IN (SELECT inbeeld_organisations_with_open_log())",
            both(
                # How often they searched, and no more of what they did in another role.
                during("find_for_emergency"),
                f"actor IN (SELECT 'membership:' || r.id FROM {_MY_ROLES} AS r (id))",
                f"action = {literal(SEARCH)}",
                "outcome IN ('allowed', 'refused')",
                f"at > inbeeld_now() - {_at_most(SEARCHES_IN)} - {_A_LITTLE}",
            ),
        ),
        insert=_IN_ONES_OWN_NAME,
    ),
}  # fmt: skip
#: The same of a table about no child: who has no work here any more gets it back from a command.
NEVER_ELSEWHERE = {"organisations_membership": {"work that ends does not go on": _LATER}}
