"""What must always be possible, role by role: so that a table that refuses everything keeps no promise."""

from __future__ import annotations

from collections.abc import Iterator

from inbeeld.kernel.access import Action, Author, FieldClass, Involvement, Stage
from inbeeld.kernel.promises.point import Point, Possible, Said

LIST, HELPS, TABLE = Involvement.OWN_ORG, Involvement.INVOLVED, Involvement.TABLE
EMERGENCY, SELF = Involvement.EMERGENCY, Involvement.SELF
ALWAYS = "123456"
VISITORS = (
    "care_coordinator", "swv_adviser", "attendance_coach", "attendance_officer", "school_nurse",
    "school_doctor", "youth_worker", "youth_protection", "case_director",
)  # fmt: skip


def _can(
    role: str,
    involvement: Involvement,
    stages: str,
    reads: str = "",
    *,
    writes: str = "",
    keeps: str = "",
    asks: str = "",
    takes: str = "",
) -> tuple[Point, ...]:
    """Questions of one role: what it reads and writes whoever wrote it, keeps (what its organisation wrote,
    and own notes), asks (reads with consent) and takes out as a file."""
    return tuple(
        Point(role, involvement, int(stage), FieldClass(name), action, consent, author)
        for stage in stages
        for name, action, consent, author in (
            *_each(reads, Action.READ),
            *_each(writes, Action.WRITE),
            *_each(keeps, Action.READ, author=Author.ME),
            *_each(keeps, Action.WRITE, author=Author.ME),
            *_each(keeps.replace("NOT", ""), Action.READ, author=Author.MY_ORGANISATION),
            *_each(keeps.replace("NOT", ""), Action.WRITE, author=Author.MY_ORGANISATION),
            *_each(asks, Action.READ, consent=True),
            *_each(takes, Action.EXPORT),
        )
    )


def _each(
    names: str, action: Action, *, consent: bool = False, author: Author = Author.OTHERS
) -> Iterator[tuple[str, Action, bool, Author]]:
    return ((name, action, consent, author) for name in names.split())


POSSIBLE = (
    Possible(
        "mentor",
        Said(
            "From the first signal your child's mentor can write down absence and what helps in class.",
            "De mentor van uw kind kan vanaf het eerste signaal opschrijven wanneer uw kind er niet was en"
            " wat in de klas helpt.",
        ),
        _can("mentor", HELPS, "1234", "IDE AGR", writes="ATT SUP", keeps="NOT"),
    ),
    Possible(
        "attendance-coordinator",
        Said(
            "The school can see and write down absence before anybody helps your child.",
            "De school kan verzuim zien en opschrijven, ook als nog niemand uw kind helpt.",
        ),
        _can("attendance_coordinator", LIST, "12", "IDE", writes="ATT"),
    ),
    Possible(
        "care-coordinator",
        Said(
            "The care coordinator sees who is absent and, when helping your child, can reach you, arrange"
            " support and make agreements.",
            "De zorgcoördinator ziet wie er niet is en kan u, als die uw kind helpt, bereiken, steun regelen"
            " en afspraken maken.",
        ),
        _can("care_coordinator", LIST, "1234", "IDE ATT")
        + _can("care_coordinator", HELPS, "1234", "NUM ADR", writes="IDE ATT AGR SUP", keeps="FAM NOT"),
    ),
    Possible(
        "swv-coordinator",
        Said(
            "The SWV knows which children have been at home for four weeks, and can make a list of them.",
            "Het SWV weet welke kinderen vier weken thuiszitten, en kan daar een lijst van maken.",
        ),
        _can("swv_coordinator", LIST, "2345", "IDE ATT AGR", takes="IDE ATT AGR"),
    ),
    Possible(
        "swv-adviser",
        Said(
            "The adviser of the SWV can look for a place with you, and knows what helps your child.",
            "De adviseur van het SWV kan met u een plek zoeken, en weet wat uw kind helpt.",
        ),
        _can("swv_adviser", HELPS, "2345", "IDE ADR ATT", writes="AGR SUP", keeps="NOT", asks="FAM"),
    ),
    Possible(
        "attendance-coach",
        Said(
            "The attendance coach can visit you, make agreements and write down what you tell.",
            "De verzuimcoach kan bij u langskomen, afspraken maken en opschrijven wat u vertelt.",
        ),
        _can("attendance_coach", HELPS, "24", "IDE ADR ATT SUP", writes="AGR", keeps="FAM NOT", asks="FAM"),
    ),
    Possible(
        "leerplicht-desk",
        Said(
            "The municipality can find every child that is absent or on no school's roll.",
            "De gemeente kan elk kind vinden dat niet naar school gaat of nergens ingeschreven staat.",
        ),
        _can("leerplicht_desk", LIST, "12345", "NUM IDE ADR ATT", takes="IDE ATT"),
    ),
    Possible(
        "attendance-officer",
        Said(
            "The attendance officer can look into absence, speak to you and make agreements.",
            "De leerplichtambtenaar kan verzuim onderzoeken, met u praten en afspraken maken.",
        ),
        _can("attendance_officer", HELPS, "12345", "NUM IDE ADR SUP", writes="ATT AGR", keeps="JUS NOT"),
    ),
    Possible(
        "school-nurse",
        Said(
            "The school nurse can speak to you and keep what youth health care must keep.",
            "De schoolverpleegkundige kan met u praten en bewaren wat de jeugdgezondheidszorg moet bewaren.",
        ),
        _can("school_nurse", HELPS, "1245", "IDE ADR ATT AGR", keeps="SUP FAM MED NOT"),
    ),
    Possible(
        "school-doctor",
        Said(
            "The youth doctor can help from the first sick report: advise the school, keep the medical file"
            " and, with consent, read what another doctor wrote.",
            "De jeugdarts kan vanaf de eerste ziekmelding helpen: de school adviseren, het medisch dossier"
            " bijhouden en, met toestemming, lezen wat een andere arts schreef.",
        ),
        _can(
            "school_doctor",
            HELPS,
            "12345",
            "IDE ADR ATT",
            writes="AGR SUP",
            keeps="FAM MED NOT",
            asks="MED",
        ),
    ),
    Possible(
        "youth-worker",
        Said(
            "The youth worker can work with your family: with agreements, support and, with consent, what"
            " others wrote about the family.",
            "De jeugdhulpverlener kan met uw gezin werken: met afspraken, steun en, met toestemming, wat"
            " anderen over het gezin schreven.",
        ),
        _can("youth_worker", HELPS, "2345", "IDE ADR ATT SUP", writes="AGR", keeps="FAM NOT", asks="FAM"),
    ),
    Possible(
        "youth-protection",
        Said(
            "The youth protection worker can do what the court ordered, and keep that apart.",
            "De jeugdbeschermer kan doen wat de rechter opdroeg, en houdt dat apart.",
        ),
        _can(
            "youth_protection",
            HELPS,
            "2345",
            "IDE ADR ATT SUP",
            writes="AGR",
            keeps="FAM JUS NOT",
            asks="FAM",
        ),
    ),
    Possible(
        "case-director",
        Said(
            "The case director can hear your story, write it down and make agreements.",
            "De zaakonderzoeker kan uw verhaal horen, het opschrijven en afspraken maken.",
        ),
        _can("case_director", HELPS, "34", "IDE ADR ATT", writes="AGR", keeps="FAM NOT"),
    ),
    Possible(
        "table-chair",
        Said(
            "The chair of the table can write down what is agreed there.",
            "De voorzitter van de tafel kan opschrijven wat daar wordt afgesproken.",
        ),
        _can("table_chair", TABLE, "3", "IDE ATT", writes="AGR"),
    ),
    Possible(
        "table-member",
        Said(
            "Who sits at the table knows whom it is about and what was agreed.",
            "Wie aan tafel zit, weet om wie het gaat en wat er is afgesproken.",
        ),
        _can("table_member", TABLE, "3", "IDE ATT AGR"),
    ),
    Possible(
        "learner-16",
        Said(
            "A learner of sixteen or older can read everything about themselves but address and working"
            " notes, and see who looked.",
            "Een leerling van zestien jaar of ouder kan alles over zichzelf lezen, behalve adres en"
            " werknotities, en zien wie er keek.",
        ),
        _can("learner_16", SELF, ALWAYS, "NUM IDE ATT AGR SUP FAM MED JUS LOG", takes="IDE ATT AGR"),
    ),
    Possible(
        "learner-12-15",
        Said(
            "A learner of twelve to fifteen can read what is agreed, what helps and what the doctor wrote,"
            " and see who looked.",
            "Een leerling van twaalf tot en met vijftien jaar kan lezen wat is afgesproken, wat helpt en wat"
            " de arts schreef, en zien wie er keek.",
        ),
        _can("learner_12_15", SELF, ALWAYS, "IDE ATT AGR SUP MED LOG", asks="FAM", takes="IDE ATT AGR"),
    ),
    Possible(
        "guardian-under-12",
        Said(
            "Parents of a child under twelve can read what stands there about their child, and who looked.",
            "Ouders van een kind onder de twaalf kunnen lezen wat er over hun kind staat, en wie er keek.",
        ),
        _can("guardian_under_12", SELF, ALWAYS, "NUM IDE ATT AGR SUP FAM MED LOG", takes="IDE ATT AGR"),
    ),
    Possible(
        "guardian-12-15",
        Said(
            "Parents of a child of twelve to fifteen can read facts, agreements and support and who looked;"
            " and with both consents also about family and health.",
            "Ouders van een kind van twaalf tot en met vijftien jaar kunnen feiten, afspraken en steun lezen"
            " en wie er keek; en als allebei toestemmen ook over gezin en gezondheid.",
        ),
        _can("guardian_12_15", SELF, ALWAYS, "IDE ATT AGR SUP LOG", asks="FAM MED", takes="IDE ATT AGR"),
    ),
    Possible(
        "guardian-16",
        Said(
            "Parents of a learner of sixteen or older always get the facts of absence.",
            "Ouders van een leerling van zestien jaar of ouder krijgen altijd de feiten van het verzuim.",
        ),
        _can("guardian_16", SELF, ALWAYS, "IDE ATT", asks="AGR SUP", takes="IDE ATT"),
    ),
    Possible(
        "privacy-officer",
        Said(
            "The privacy officer can always see who looked at a child, also after closing.",
            "De privacyfunctionaris kan altijd zien wie er naar een kind keek, ook na het sluiten.",
        ),
        _can("privacy_officer", LIST, ALWAYS, "LOG"),
    ),
    Possible(
        "emergency",
        Said(
            "When there is danger, those who must act know at once who the child is, where it lives, and what"
            " is known about the family; the youth doctor also about health, the youth protection worker also"
            " about protection.",
            "Is er gevaar, dan weten degenen die moeten handelen meteen wie het kind is, waar het woont en"
            " wat er over het gezin bekend is; de jeugdarts ook over de gezondheid, de jeugdbeschermer ook"
            " over bescherming.",
        ),
        _can("care_coordinator", EMERGENCY, "1234", "IDE ADR ATT AGR FAM")
        + _can("attendance_officer", EMERGENCY, "12345", "IDE ADR ATT AGR FAM")
        + _can("school_doctor", EMERGENCY, "12345", "IDE ADR ATT AGR FAM MED")
        + _can("youth_worker", EMERGENCY, "2345", "IDE ADR ATT AGR FAM")
        + _can("youth_protection", EMERGENCY, "2345", "IDE ADR ATT AGR FAM JUS"),
    ),
    Possible(
        "shielded-by-oneself",
        Said(
            "The organisation that entered a shielded address can still visit or call you.",
            "De organisatie die een afgeschermd adres invoerde, kan nog bij u langskomen of u bellen.",
        ),
        tuple(
            Point(role, involvement, Stage.AFTERCARE, FieldClass.ADR, Action.READ, False, author, True)
            for role, involvement in (("leerplicht_desk", LIST), *((role, HELPS) for role in VISITORS))
            for author in (Author.ME, Author.MY_ORGANISATION)
        ),
    ),
)
