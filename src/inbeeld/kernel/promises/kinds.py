"""Promises per kind of information: who may know a number, read of family or health, write an agreement."""

from __future__ import annotations

from inbeeld.kernel.access import Author, FieldClass, Involvement
from inbeeld.kernel.promises.people import (
    DESCRIBES_SUPPORT,
    FAMILY,
    HEARS_THE_FAMILY,
    LEERPLICHT,
    MAKES_AGREEMENTS,
    READS_ON_THE_FAMILY_WITH_CONSENT,
    RECORDS_ABSENCE,
    VISITS_OR_CALLS,
    WORKS_ON_SUPPORT,
    YOUTH_HEALTH,
)
from inbeeld.kernel.promises.point import Chapter, Promise, Said

IN_AN_EMERGENCY = Involvement.EMERGENCY
OF_ONESELF = Involvement.SELF

KINDS = Chapter(
    Said("By kind of information", "Per soort gegeven"),
    (
        Promise(
            "number",
            Said(
                "Your child's number is known only to the care coordinator who helps, to leerplicht, to"
                " parents of a child under twelve and to a learner of sixteen or older.",
                "Het nummer van uw kind kennen alleen de zorgcoördinator die helpt, leerplicht, ouders van"
                " een kind onder de twaalf en een leerling vanaf zestien jaar.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.NUM
                or at.role in LEERPLICHT | {"care_coordinator", "guardian_under_12", "learner_16"}
            ),
            Said(
                "Parents of a child of twelve to fifteen, and the child, do not see the number. Is that"
                " meant?",
                "Ouders van een kind van twaalf tot en met vijftien jaar, en het kind zelf, zien het nummer"
                " niet. Is dat de bedoeling?",
            ),
        ),
        Promise(
            "name",
            Said(
                "Only the care coordinator who helps your child corrects name, birth date and school.",
                "Alleen de zorgcoördinator die uw kind helpt, verbetert naam, geboortedatum en school.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.IDE or not at.writes or at.role == "care_coordinator"
            ),
        ),
        Promise(
            "address",
            Said(
                "Address and telephone are only for those who visit or call you.",
                "Adres en telefoonnummer zijn er alleen voor wie bij u langskomt of u belt.",
            ),
            lambda at, ask: at.field_class is not FieldClass.ADR or at.role in VISITS_OR_CALLS,
        ),
        Promise(
            "address-not-for-family",
            Said(
                "The pages of the family show no address. So one parent does not find the other through us.",
                "De pagina's van het gezin tonen geen adres. Zo vindt de ene ouder de andere niet via ons.",
            ),
            lambda at, ask: at.field_class is not FieldClass.ADR or at.involvement is not OF_ONESELF,
            Said(
                "A family can ask an organisation which address it holds (GDPR 15). Is that enough?",
                "Een gezin kan een organisatie vragen welk adres die heeft (AVG 15). Is dat genoeg?",
            ),
        ),
        Promise(
            "registers",
            Said(
                "Nobody changes number or address here: those come from the school or the municipality.",
                "Niemand verandert hier nummer of adres: die komen van de school of de gemeente.",
            ),
            lambda at, ask: at.field_class not in (FieldClass.NUM, FieldClass.ADR) or not at.writes,
        ),
        Promise(
            "absence",
            Said(
                "Absence is written down only by the school and the attendance officer.",
                "Verzuim schrijven alleen de school en de leerplichtambtenaar op.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.ATT or not at.writes or at.role in RECORDS_ABSENCE
            ),
        ),
        Promise(
            "agreements",
            Said(
                "Agreements are written by those who make them with you. Mentor, nurse and who listens at"
                " the table read them.",
                "Afspraken schrijft wie ze met u maakt. De mentor, de verpleegkundige en wie aan tafel"
                " meedenkt, lezen ze.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.AGR or not at.writes or at.role in MAKES_AGREEMENTS
            ),
        ),
        Promise(
            "support",
            Said(
                "What helps at school is read only by those who work on it with your child, and by you.",
                "Wat op school helpt, lezen alleen degenen die er met uw kind aan werken, en u.",
            ),
            lambda at, ask: at.field_class is not FieldClass.SUP or at.role in WORKS_ON_SUPPORT | FAMILY,
        ),
        Promise(
            "support-written",
            Said(
                "What helps at school is written by the school, the adviser of the SWV and youth health"
                " care.",
                "Wat op school helpt, schrijven de school, de adviseur van het SWV en de"
                " jeugdgezondheidszorg.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.SUP or not at.writes or at.role in DESCRIBES_SUPPORT
            ),
        ),
        Promise(
            "family",
            Said(
                "What someone wrote about your family is read by another organisation only with your"
                " consent, and then only by the adviser of the SWV, the attendance coach or youth help;"
                " or in an emergency.",
                "Wat iemand over uw gezin opschreef, leest een andere organisatie alleen met uw"
                " toestemming, en dan alleen de adviseur van het SWV, de verzuimcoach of de jeugdhulp;"
                " of in nood.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.FAM
                or at.involvement in (OF_ONESELF, IN_AN_EMERGENCY)
                or (at.own and at.role in HEARS_THE_FAMILY)
                or (at.consent and at.role in READS_ON_THE_FAMILY_WITH_CONSENT)
            ),
        ),
        Promise(
            "family-written",
            Said(
                "What is written about your family is changed only by the organisation that heard it.",
                "Wat er over uw gezin staat, verandert alleen de organisatie die het van u hoorde.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.FAM
                or not at.writes
                or (at.own and at.role in HEARS_THE_FAMILY)
            ),
        ),
        Promise(
            "medical",
            Said(
                "Medical information is only for youth health care and the family itself.",
                "Medische gegevens zijn er alleen voor de jeugdgezondheidszorg en het gezin zelf.",
            ),
            lambda at, ask: at.field_class is not FieldClass.MED or at.role in YOUTH_HEALTH | FAMILY,
        ),
        Promise(
            "medical-of-another",
            Said(
                "What another doctor wrote reaches only the youth doctor, with consent or in an emergency.",
                "Wat een andere arts schreef, leest alleen de jeugdarts, met toestemming of in nood.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.MED
                or at.own
                or at.role in FAMILY
                or (at.role == "school_doctor" and (at.consent or at.involvement is IN_AN_EMERGENCY))
            ),
        ),
        Promise(
            "medical-written",
            Said(
                "Only youth health care changes medical information, and only what it wrote itself.",
                "Alleen de jeugdgezondheidszorg verandert medische gegevens, en alleen wat zij zelf schreef.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.MED or not at.writes or (at.own and at.role in YOUTH_HEALTH)
            ),
        ),
        Promise(
            "nurse-own",
            Said(
                "The school nurse reads of support, family and health only what youth health care wrote.",
                "De schoolverpleegkundige leest over steun, gezin en gezondheid alleen wat de"
                " jeugdgezondheidszorg zelf schreef.",
            ),
            lambda at, ask: (
                at.role != "school_nurse"
                or at.own
                or at.field_class not in (FieldClass.SUP, FieldClass.FAM, FieldClass.MED)
            ),
        ),
        Promise(
            "justice",
            Said(
                "What concerns police or youth protection is read only by the organisation that wrote it"
                " and by the learner from sixteen. One exception: in an emergency a youth protection"
                " worker reads all of it.",
                "Wat over politie of jeugdbescherming gaat, lezen alleen de organisatie die het opschreef en"
                " de leerling vanaf zestien jaar. Eén uitzondering: in nood leest een jeugdbeschermer alles"
                " daarvan.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.JUS
                or at.role == "learner_16"
                or (at.own and at.role in ("attendance_officer", "youth_protection"))
                or (at.role == "youth_protection" and at.involvement is IN_AN_EMERGENCY)
            ),
            Said(
                "Should the exception for youth protection in an emergency stay?",
                "Moet de uitzondering voor jeugdbescherming in nood blijven?",
            ),
        ),
        Promise(
            "notes",
            Said(
                "A working note is read by its writer alone, while helping your child.",
                "Een werknotitie leest alleen wie die schreef, zolang diegene uw kind helpt.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.NOT
                or (at.author is Author.ME and at.involvement is Involvement.INVOLVED)
            ),
        ),
        Promise(
            "log",
            Said(
                "Who looked is read by the family and the privacy officer, and changed by nobody.",
                "Wie er keek, lezen het gezin en de privacyfunctionaris. Niemand verandert het.",
            ),
            lambda at, ask: (
                at.field_class is not FieldClass.LOG or (at.reads and at.role in FAMILY | {"privacy_officer"})
            ),
        ),
    ),
)
