"""Promises about the family itself and about those of whom parents ask what they see."""

from __future__ import annotations

from inbeeld.kernel.access import FieldClass, Involvement
from inbeeld.kernel.promises.people import FAMILY
from inbeeld.kernel.promises.point import Chapter, Promise, Said

PERSONS = Chapter(
    Said("You, your child, and some of those you meet", "U, uw kind en mensen die u tegenkomt"),
    (
        Promise(
            "family-pages",
            Said(
                "Only the family sees the pages of the family, and the family sees only those pages.",
                "Alleen het gezin ziet de pagina's van het gezin, en het gezin ziet alleen die pagina's.",
            ),
            lambda at, ask: (at.involvement is Involvement.SELF) == (at.role in FAMILY),
        ),
        Promise(
            "family-reads",
            Said(
                "A family reads what others wrote. It does not rewrite it.",
                "Een gezin leest wat anderen schreven. Het verandert dat niet.",
            ),
            lambda at, ask: at.role not in FAMILY or not at.writes,
        ),
        Promise(
            "twelve-to-fifteen",
            Said(
                "From twelve to fifteen, what is written about the family, and for parents also what is"
                " written about health, is read only when parents and child both consent.",
                "Van twaalf tot en met vijftien jaar leest u wat er over het gezin staat, en als ouder ook"
                " wat er over gezondheid staat, alleen als ouders en kind het allebei goed vinden.",
            ),
            lambda at, ask: (
                at.consent
                or not (
                    (at.role == "guardian_12_15" and at.field_class in (FieldClass.FAM, FieldClass.MED))
                    or (at.role == "learner_12_15" and at.field_class is FieldClass.FAM)
                )
            ),
        ),
        Promise(
            "guardian-16",
            Said(
                "Parents of a learner of sixteen or older get the name and the facts of absence. Agreements"
                " and support come only with consent of the learner; more does not come.",
                "Ouders van een leerling van zestien jaar of ouder krijgen de naam en de feiten van het"
                " verzuim. Afspraken en steun komen er alleen bij met toestemming van de leerling, en meer"
                " niet.",
            ),
            lambda at, ask: (
                at.role != "guardian_16"
                or at.field_class in (FieldClass.IDE, FieldClass.ATT)
                or (at.consent and at.field_class in (FieldClass.AGR, FieldClass.SUP))
            ),
            Said(
                "Parents of a learner of sixteen do not see who looked. Is that meant?",
                "Ouders van een leerling van zestien jaar zien niet wie er keek. Is dat de bedoeling?",
            ),
        ),
        Promise(
            "case-director",
            Said(
                "The case director works without the file: hears your story first, reads nothing on support,"
                " health or police, and about your family only what you told.",
                "De zaakonderzoeker werkt zonder dossier: die hoort eerst uw verhaal, leest niets over"
                " steun, gezondheid of politie, en over uw gezin alleen wat u zelf vertelde.",
            ),
            lambda at, ask: (
                at.role != "case_director"
                or at.field_class in (FieldClass.IDE, FieldClass.ADR, FieldClass.ATT, FieldClass.AGR)
                or (at.own and at.field_class in (FieldClass.FAM, FieldClass.NOT))
            ),
        ),
        Promise(
            "privacy-officer",
            Said(
                "The privacy officer reads who looked at your child, nothing of what stands there.",
                "De privacyfunctionaris leest wie er naar uw kind keek, niets van wat er staat.",
            ),
            lambda at, ask: at.role != "privacy_officer" or at.field_class is FieldClass.LOG,
        ),
    ),
)
