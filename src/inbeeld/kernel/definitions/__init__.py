"""The catalogue: every definition inbeeld can judge by. A region chooses from it (region.py)."""

from inbeeld.kernel.definition import Definition
from inbeeld.kernel.definitions import (
    absolute_absence,
    compulsory_age,
    early_absence,
    phases,
    report_duty,
    thuiszitter,
)

CATALOGUE: tuple[Definition, ...] = (
    compulsory_age.of_compulsory_age,
    absolute_absence.on_no_roll,
    thuiszitter.more_than_four_weeks_without_permission,
    thuiszitter.four_weeks_or_not_enrolled,
    thuiszitter.long_relative_absence,
    thuiszitter.absolute_or_long_relative_absence,
    thuiszitter.four_weeks_to_three_months,
    thuiszitter.longer_than_three_months,
    thuiszitter.at_home_from_day_one,
    phases.up_to_four_weeks,
    phases.four_weeks_up_to_three_months,
    phases.beyond_three_months,
    phases.without_suitable_offer,
    report_duty.sixteen_hours_in_four_weeks,
    early_absence.sickness_asks_for_attention,
    early_absence.ten_days_in_fifteen_weeks,
    early_absence.LAYER_ONE,
    early_absence.LAYER_TWO,
    early_absence.LAYER_THREE,
)
