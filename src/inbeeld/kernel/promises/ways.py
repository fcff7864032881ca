"""Promises about the ways in which someone comes to a child: list, help, table, emergency, and when."""

from __future__ import annotations

from inbeeld.kernel.access import FieldClass, Involvement, Stage
from inbeeld.kernel.promises.people import (
    AT_THE_TABLE,
    CALLED_IN_AN_EMERGENCY,
    FAMILY,
    HELPERS,
    LEERPLICHT,
    LISTS_OF_CHILDREN,
    SCHOOL,
    YOUTH_HEALTH,
)
from inbeeld.kernel.promises.point import Chapter, Promise, Said

ON_A_LIST = Involvement.OWN_ORG
EMERGENCY = Involvement.EMERGENCY
FACTS = (FieldClass.IDE, FieldClass.ATT, FieldClass.AGR)

WAYS = Chapter(
    Said(
        "On a list, as a helper, at the table, in an emergency",
        "Op een lijst, als helper, aan tafel, in nood",
    ),
    (
        Promise(
            "list-is-not-a-file",
            Said(
                "A list is not a file: it never shows support, family, health, police or notes.",
                "Een lijst is geen dossier: er staat nooit steun, gezin, gezondheid, politie of notitie in.",
            ),
            lambda at, ask: (
                at.involvement is not ON_A_LIST
                or at.field_class in (*FACTS, FieldClass.NUM, FieldClass.ADR, FieldClass.LOG)
            ),
        ),
        Promise(
            "list-keepers",
            Said(
                "A list of children is only for the coordinators of the school, the coordinator of the SWV"
                " and the leerplicht desk. The privacy officer has a list of who looked.",
                "Een lijst met kinderen is er alleen voor de coördinatoren van de school, de coördinator van"
                " het SWV en de administratie leerplicht. De privacyfunctionaris heeft een lijst van wie er"
                " keek.",
            ),
            lambda at, ask: (
                at.involvement is not ON_A_LIST or at.role in LISTS_OF_CHILDREN | {"privacy_officer"}
            ),
        ),
        Promise(
            "list-to-find",
            Said(
                "On a list only the leerplicht desk sees number and address: it must find every child.",
                "Op een lijst ziet alleen de administratie leerplicht nummer en adres: die moet elk kind"
                " vinden.",
            ),
            lambda at, ask: (
                at.involvement is not ON_A_LIST
                or at.field_class not in (FieldClass.NUM, FieldClass.ADR)
                or at.role == "leerplicht_desk"
            ),
        ),
        Promise(
            "list-of-agreements",
            Said(
                "On a list only the coordinator of the SWV sees agreements, to watch that someone acts.",
                "Op een lijst ziet alleen de coördinator van het SWV afspraken, om te bewaken dat iemand"
                " iets doet.",
            ),
            lambda at, ask: (
                at.involvement is not ON_A_LIST
                or at.field_class is not FieldClass.AGR
                or at.role == "swv_coordinator"
            ),
        ),
        Promise(
            "list-is-read",
            Said(
                "On a list only the attendance coordinator of the school changes something: the absence.",
                "Op een lijst verandert alleen de verzuimcoördinator van de school iets: het verzuim.",
            ),
            lambda at, ask: (
                at.involvement is not ON_A_LIST
                or not at.writes
                or (at.role == "attendance_coordinator" and at.field_class is FieldClass.ATT)
            ),
        ),
        Promise(
            "helpers",
            Said(
                "You know who helps your child. Whoever only keeps a list, sits at the table or guards"
                " privacy does not come into the file by it.",
                "U weet wie uw kind helpt. Wie alleen een lijst bijhoudt, aan tafel zit of de privacy"
                " bewaakt, komt daardoor niet in het dossier.",
            ),
            lambda at, ask: at.involvement is not Involvement.INVOLVED or at.role in HELPERS,
        ),
        Promise(
            "table-facts",
            Said(
                "On the table lie only facts and agreements: name, attendance and what was agreed.",
                "Op tafel liggen alleen feiten en afspraken: naam, verzuim en wat er is afgesproken.",
            ),
            lambda at, ask: at.involvement is not Involvement.TABLE or at.field_class in FACTS,
        ),
        Promise(
            "table-around-the-meeting",
            Said(
                "Only who sits at the table sees your child through it, and only around that meeting.",
                "Alleen wie aan tafel zit, ziet uw kind via de tafel, en alleen rond die vergadering.",
            ),
            lambda at, ask: (
                (at.involvement is Involvement.TABLE) == (at.role in AT_THE_TABLE)
                and (at.role not in AT_THE_TABLE or at.stage == Stage.TASKFORCE)
            ),
        ),
        Promise(
            "emergency-who",
            Said(
                "In an emergency only the care coordinator, the attendance officer, the youth doctor and"
                " youth help can look at once.",
                "In nood kunnen alleen de zorgcoördinator, de leerplichtambtenaar, de jeugdarts en de"
                " jeugdhulp meteen kijken.",
            ),
            lambda at, ask: at.involvement is not EMERGENCY or at.role in CALLED_IN_AN_EMERGENCY,
        ),
        Promise(
            "emergency-read-only",
            Said(
                "In an emergency people read. They write nothing and take nothing out.",
                "In nood wordt alleen gelezen: niemand schrijft iets of neemt iets mee.",
            ),
            lambda at, ask: at.involvement is not EMERGENCY or at.reads,
        ),
        Promise(
            "emergency-never",
            Said(
                "Not even an emergency opens the number, a note, the log or the support at school.",
                "Ook nood opent nooit het nummer, een notitie, het logboek of de steun op school.",
            ),
            lambda at, ask: (
                at.involvement is not EMERGENCY
                or at.field_class not in (FieldClass.NUM, FieldClass.NOT, FieldClass.LOG, FieldClass.SUP)
            ),
        ),
    ),
)

WHEN = Chapter(
    Said("When someone may look", "Wanneer iemand mag kijken"),
    (
        Promise(
            "before-four-weeks",
            Said(
                "In the first four weeks only school, youth health care and leerplicht look, besides the"
                " family itself.",
                "In de eerste vier weken kijken alleen school, jeugdgezondheidszorg en leerplicht, naast het"
                " gezin zelf.",
            ),
            lambda at, ask: (
                at.stage != Stage.SIGNAL
                or at.role in SCHOOL | YOUTH_HEALTH | LEERPLICHT | FAMILY
                or at.field_class is FieldClass.LOG
            ),
        ),
        Promise(
            "on-no-roll",
            Said(
                "When your child is on no school's roll any more, the school no longer looks.",
                "Staat uw kind op geen school meer ingeschreven, dan kijkt de school niet meer mee.",
            ),
            lambda at, ask: at.stage != Stage.OUT_OF_SIGHT or at.role not in SCHOOL,
        ),
        Promise(
            "attendance-coordinator-stages",
            Said(
                "The attendance coordinator follows absence, not what happens after: taskforce and"
                " aftercare are for others.",
                "De verzuimcoördinator volgt het verzuim, niet wat daarna komt: taskforce en nazorg zijn"
                " voor anderen.",
            ),
            lambda at, ask: at.role != "attendance_coordinator" or at.stage in (Stage.SIGNAL, Stage.AT_HOME),
        ),
        Promise(
            "coach-stages",
            Said(
                "The attendance coach looks while your child is at home and in the aftercare, at no other"
                " time.",
                "De verzuimcoach kijkt mee zolang uw kind thuiszit en in de nazorg, op geen ander moment.",
            ),
            lambda at, ask: at.role != "attendance_coach" or at.stage in (Stage.AT_HOME, Stage.AFTERCARE),
        ),
        Promise(
            "case-director-stages",
            Said(
                "The case director comes in with the taskforce and leaves after the aftercare.",
                "De zaakonderzoeker komt erbij met de taskforce en gaat weg na de nazorg.",
            ),
            lambda at, ask: at.role != "case_director" or at.stage in (Stage.TASKFORCE, Stage.AFTERCARE),
        ),
        Promise(
            "nurse-not-in-the-taskforce",
            Said(
                "Of youth health care the doctor works with the taskforce, not the nurse.",
                "Van de jeugdgezondheidszorg werkt de arts met de taskforce mee, niet de verpleegkundige.",
            ),
            lambda at, ask: at.role != "school_nurse" or at.stage != Stage.TASKFORCE,
        ),
        Promise(
            "closed",
            Said(
                "Once closed, only the family itself still looks, and the privacy officer at who looked.",
                "Is de zaak gesloten, dan kijkt alleen het gezin zelf nog, en de privacyfunctionaris naar"
                " wie er keek.",
            ),
            lambda at, ask: at.stage != Stage.CLOSED or at.role in FAMILY | {"privacy_officer"},
        ),
    ),
)
