"""Promises that hold for everyone, whoever asks for whatever."""

from __future__ import annotations

from inbeeld.kernel.access import Action, FieldClass, Involvement, Stage
from inbeeld.kernel.promises.people import FAMILY, KNOWN, WITHOUT_CHILDREN
from inbeeld.kernel.promises.point import Chapter, Promise, Said

EVERYONE = Chapter(
    Said("For everyone", "Voor iedereen"),
    (
        Promise(
            "no-involvement",
            Said(
                "Someone who has nothing to do with your child sees nothing about your child.",
                "Wie niets met uw kind te maken heeft, ziet niets van uw kind.",
            ),
            lambda at, ask: at.involvement is not Involvement.NONE,
        ),
        Promise(
            "known-roles",
            Said(
                "Only people in a role that stands on this page see anything.",
                "Alleen mensen met een rol die op deze pagina staat, zien iets.",
            ),
            lambda at, ask: at.role in KNOWN,
        ),
        Promise(
            "without-children",
            Said(
                "Analysts and administrators of the system never see a child.",
                "Analisten en beheerders van het systeem zien nooit een kind.",
            ),
            lambda at, ask: at.role not in WITHOUT_CHILDREN,
        ),
        Promise(
            "no-stage",
            Said(
                "A child who simply goes to school is in nobody's view here.",
                "Een kind dat gewoon naar school gaat, heeft hier niemand in beeld.",
            ),
            lambda at, ask: at.stage != Stage.NONE,
        ),
        Promise(
            "destroyed",
            Said("What was destroyed is gone, for everyone.", "Wat vernietigd is, is weg, voor iedereen."),
            lambda at, ask: at.stage != Stage.DESTROYED,
        ),
        Promise(
            "write-implies-read",
            Said("Nobody writes what they may not read.", "Niemand schrijft wat diegene niet mag lezen."),
            lambda at, ask: not at.writes or ask(at._replace(action=Action.READ)),
        ),
        Promise(
            "export-within-read",
            Said(
                "A file that leaves the system never holds more than its maker may read on the screen.",
                "Een bestand dat het systeem verlaat, bevat nooit meer dan de maker op het scherm mag lezen.",
            ),
            lambda at, ask: not at.takes_out or ask(at._replace(action=Action.READ)),
        ),
        Promise(
            "export-what",
            Said(
                "Only name, attendance and agreements can leave as a file.",
                "Alleen naam, verzuim en afspraken kunnen mee als bestand.",
            ),
            lambda at, ask: (
                not at.takes_out or at.field_class in (FieldClass.IDE, FieldClass.ATT, FieldClass.AGR)
            ),
            Said(
                "A family that wants a copy of the rest asks its organisation (GDPR 15). Is that enough?",
                "Een gezin dat een kopie van de rest wil, vraagt die aan de organisatie (AVG 15)."
                " Is dat genoeg?",
            ),
        ),
        Promise(
            "export-who",
            Said(
                "Besides yourselves, only the coordinator of the SWV and the leerplicht desk can take such"
                " a file.",
                "Behalve u zelf kunnen alleen de coördinator van het SWV en de administratie leerplicht"
                " zo'n bestand maken.",
            ),
            lambda at, ask: not at.takes_out or at.role in FAMILY | {"swv_coordinator", "leerplicht_desk"},
        ),
        Promise(
            "consent-withdrawn",
            Said(
                "Taking back consent never lets anyone see more.",
                "Trekt u toestemming in, dan ziet niemand daardoor meer.",
            ),
            lambda at, ask: at.consent or ask(at._replace(consent=True)),
        ),
        Promise(
            "consent-opens",
            Said(
                "Consent opens only what is written about family or health. From sixteen, consent of the"
                " learner also opens agreements and support for the parents.",
                "Toestemming opent alleen wat er over gezin of gezondheid staat. Vanaf zestien jaar opent"
                " toestemming van de leerling ook afspraken en steun voor de ouders.",
            ),
            lambda at, ask: (
                not at.consent
                or at.field_class in (FieldClass.FAM, FieldClass.MED)
                or (at.role == "guardian_16" and at.field_class in (FieldClass.AGR, FieldClass.SUP))
                or ask(at._replace(consent=False))
            ),
        ),
        Promise(
            "consent-is-for-reading",
            Said(
                "With your consent someone may read, never write.",
                "Met uw toestemming mag iemand lezen, nooit schrijven.",
            ),
            lambda at, ask: not at.writes or not at.consent or ask(at._replace(consent=False)),
        ),
        Promise(
            "shielded",
            Said(
                "A shielded address is seen only by the organisation that entered it.",
                "Een afgeschermd adres ziet alleen de organisatie die het heeft ingevoerd.",
            ),
            lambda at, ask: at.field_class is not FieldClass.ADR or not at.shielded or at.own,
        ),
        Promise(
            "shielding-gives-nothing",
            Said(
                "Shielding an address never lets anyone see more.",
                "Schermt u een adres af, dan ziet niemand daardoor meer.",
            ),
            lambda at, ask: not at.shielded or ask(at._replace(shielded=False)),
        ),
    ),
)
