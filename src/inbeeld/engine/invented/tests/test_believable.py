"""The invented year looks like a real one: a heavy tail, a winter wave, movers, and untidy registers."""

from __future__ import annotations

from inbeeld.engine.invented.tests.conftest import LEARNERS, Generated

ABSENT_SHARE = """
    WITH home AS (
        SELECT learner, arg_max(school, from_on) AS school FROM enrolments GROUP BY learner
    ), gone AS (
        SELECT learner, count(DISTINCT (date, slot)) FILTER (status = 'absent') AS slots
        FROM marks GROUP BY learner
    )
    SELECT coalesce(slots, 0) / (slots_per_day * 145.0) AS share
    FROM home JOIN schools USING (school) LEFT JOIN gone USING (learner)
"""


def test_there_are_about_eighty_marks_for_each_learner(region: Generated) -> None:
    assert 70 <= region.number("SELECT count(*) FROM marks") / LEARNERS <= 90


def test_most_learners_miss_little_and_a_few_miss_most(region: Generated) -> None:
    quantiles = f"SELECT unnest(quantile_cont(share, [0.5, 0.9, 0.99])) FROM ({ABSENT_SHARE})"
    half, many, most = (share for (share,) in region.ask(quantiles))
    assert 0.02 < half < 0.07
    assert 0.10 < many < 0.25
    assert 0.30 < most < 0.70


def test_every_sector_is_there_with_its_own_kind_of_day(region: Generated) -> None:
    slots = dict(region.ask("SELECT sector, min(slots_per_day) FROM schools GROUP BY sector"))
    assert set(slots) == {"po", "so", "vo", "vso", "mbo"}
    assert slots["po"] == slots["so"] == 2
    assert min(slots["vo"], slots["vso"], slots["mbo"]) >= 6
    minutes = dict(
        region.ask("SELECT sector, max(minutes) FROM marks JOIN schools USING (school) GROUP BY sector")
    )
    assert minutes["po"] >= 180
    assert minutes["vo"] <= 60


def test_sickness_peaks_in_winter_and_truancy_on_fridays(region: Generated) -> None:
    sick = dict(region.ask("SELECT month(date), count(*) FROM marks WHERE reason = 'sick' GROUP BY 1"))
    assert sick[1] > 1.3 * sick[9]
    truant = dict(region.ask("SELECT isodow(date), count(*) FROM marks WHERE reason = 'truant' GROUP BY 1"))
    assert truant[5] > 1.5 * truant[3]


def test_leave_is_taken_beside_the_holidays(region: Generated) -> None:
    months = dict(region.ask("SELECT month(date), count(*) FROM marks WHERE reason = 'leave' GROUP BY 1"))
    assert months[10] + months[12] + months[2] > sum(months.values()) / 2


def test_registers_are_untidy_but_not_very(region: Generated) -> None:
    marks = region.number("SELECT count(*) FROM marks")
    twice = region.number("SELECT count(*) - count(DISTINCT (learner, date, slot)) FROM marks")
    free = region.number("""SELECT count(*)
        FROM marks JOIN schools USING (school) JOIN calendar USING (calendar, date) WHERE NOT school_day""")
    elsewhere = region.number("""SELECT count(*) FROM marks WHERE NOT EXISTS (SELECT 1 FROM enrolments
        WHERE enrolments.learner = marks.learner AND enrolments.school = marks.school
          AND date BETWEEN from_on AND coalesce(until_on, DATE '9999-12-31'))""")
    for blemishes in (twice, free, elsewhere):
        assert 0 < blemishes < marks / 100


def test_of_the_last_days_more_is_not_known_yet(region: Generated) -> None:
    share = "SELECT avg((permission IS NULL)::INTEGER) FROM marks WHERE status = 'absent' AND date"
    assert region.number(f"{share} > DATE '2026-04-10'") > 2 * region.number(f"{share} < DATE '2026-04-10'")


def test_some_learners_move_and_a_few_are_enrolled_twice_at_once(region: Generated) -> None:
    movers = region.number(
        "SELECT count(*) FROM (SELECT learner FROM enrolments GROUP BY learner HAVING count(*) > 1)"
    )
    assert 0.005 < movers / LEARNERS < 0.04
    overlaps = region.number("""SELECT count(*) FROM enrolments AS a JOIN enrolments AS b USING (learner)
        WHERE a.from_on < b.from_on AND coalesce(a.until_on, DATE '9999-12-31') >= b.from_on""")
    assert 0 < overlaps < movers


def test_some_are_exempted_some_on_no_roll_and_some_only_four(region: Generated) -> None:
    assert 0.001 < region.number("SELECT count(*) FROM exemptions") / LEARNERS < 0.008
    roll = "SELECT learner FROM enrolments WHERE coalesce(until_on, DATE '9999-12-31') >= DATE '2026-04-17'"
    off_roll = region.number(f"SELECT count(*) FROM learners WHERE learner NOT IN ({roll})")
    assert 0.001 < off_roll / LEARNERS < 0.02
    assert region.number("SELECT count(*) FROM learners WHERE born_on > DATE '2021-04-17'") > LEARNERS / 100
    assert region.number("SELECT min(date_diff('year', born_on, DATE '2026-04-17')) FROM learners") == 4


def test_nobody_under_sixteen_is_qualified_and_of_the_older_some_are_not_known(region: Generated) -> None:
    assert (
        region.number("SELECT count(*) FROM learners WHERE basic_qualification AND born_on > '2010-10-01'")
        == 0
    )
    older = region.ask("SELECT DISTINCT basic_qualification FROM learners WHERE born_on < '2009-01-01'")
    assert set(older) == {(True,), (False,), (None,)}


def test_the_lists_overlap_and_none_is_complete(region: Generated) -> None:
    both = region.number("""SELECT count(*) FROM list_truth AS a JOIN list_truth AS b USING (learner)
        WHERE a.list IN ('swv_vo', 'swv_po') AND b.list = 'leerplicht'""")
    swv = region.number("SELECT count(*) FROM list_truth WHERE list <> 'leerplicht'")
    leerplicht = region.number("SELECT count(*) FROM list_truth WHERE list = 'leerplicht'")
    assert 0 < both < min(swv, leerplicht)


def test_names_on_the_lists_often_differ_from_the_register(region: Generated) -> None:
    same, rows = region.ask("""
        SELECT count(*) FILTER (leerplicht.last_name = people.last_name
            AND leerplicht.prefix IS NOT DISTINCT FROM people.prefix), count(*)
        FROM leerplicht JOIN list_truth ON list = 'leerplicht' AND list_truth.id = leerplicht.id
        JOIN people USING (learner)""")[0]
    assert 0.4 < same / rows < 0.95


def test_no_address_or_brin_can_be_a_real_one(region: Generated) -> None:
    assert (
        region.number(
            "SELECT count(*) FROM people WHERE NOT regexp_full_match(postcode, '[1-9][0-9]{3}S[ADS]')"
        )
        == 0
    )
    brins = region.ask("SELECT brin FROM organisations WHERE kind = 'school'")
    assert all(int(brin[:2]) >= 40 for (brin,) in brins)
    assert len(set(brins)) == len(brins)
