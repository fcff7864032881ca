-- One row per learner known on the day (contract §4), with the source values that definitions also read.
CREATE OR REPLACE TEMP TABLE wide_facts AS
WITH ongoing AS (
    SELECT
        id,
        MAX(CASE WHEN family = 'any' THEN first_on END) AS ongoing_since,
        MAX(CASE WHEN family = 'without' THEN first_on END) AS ongoing_without_since,
        MAX(CASE WHEN family = 'open' THEN first_on END) AS ongoing_open_since
    FROM episodes
    WHERE ongoing
    GROUP BY id
),
here AS (
    SELECT periods.id, school_ids.school
    FROM periods
    JOIN school_ids ON school_ids.school_id = periods.school_id
    WHERE periods.until_on = DATE '$on' AND periods.from_on <= DATE '$on'
),
reported_sick AS (
    SELECT id, COUNT(*) AS reports FROM sick_reports WHERE weeks_ago < 12 GROUP BY id
),
alerted AS (
    SELECT sick_alerts.id, MAX(sick_alerts.alert_on) AS alert_on
    FROM sick_alerts
    JOIN sick_days ON sick_days.id = sick_alerts.id AND sick_days.date = sick_alerts.alert_on
    WHERE sick_days.weeks_ago < 12
    GROUP BY sick_alerts.id
),
due AS (
    SELECT id, MAX(ends_on) AS ends_on FROM report_duties WHERE ends_on >= DATE '$year_begin' GROUP BY id
),
exempted AS (
    SELECT DISTINCT learner
    FROM exemptions
    WHERE from_on <= DATE '$on' AND COALESCE(until_on, DATE '$on') >= DATE '$on'
)
SELECT
    learner_ids.learner,
    here.school,
    CAST(CASE
        WHEN ongoing.ongoing_since IS NULL THEN 0
        WHEN ongoing.ongoing_since <= DATE '$phase_three_from' THEN 3
        WHEN ongoing.ongoing_since <= DATE '$phase_two_from' THEN 2
        ELSE 1
    END AS INTEGER) AS phase,
    ongoing.ongoing_since,
    ongoing.ongoing_without_since,
    ongoing.ongoing_open_since,
    CAST(COALESCE(missed.absent_ytd, 0) AS BIGINT) AS absent_ytd,
    CAST(COALESCE(scheduled.scheduled_ytd, 0) AS BIGINT) AS scheduled_ytd,
    CAST(COALESCE(missed.absent_4w, 0) AS BIGINT) AS absent_4w,
    CAST(COALESCE(scheduled.scheduled_4w, 0) AS BIGINT) AS scheduled_4w,
    CAST(COALESCE(missed.absent_12w, 0) AS BIGINT) AS absent_12w,
    CAST(COALESCE(scheduled.scheduled_12w, 0) AS BIGINT) AS scheduled_12w,
    $layer_ytd AS layer_ytd,
    $layer_4w AS layer_4w,
    $layer_12w AS layer_12w,
    CAST(COALESCE(reported_sick.reports, 0) AS INTEGER) AS sick_reports_12w,
    CAST(COALESCE(missed.alternating_days, 0) AS INTEGER) AS alternating_days_15w,
    $of_compulsory_age AS of_compulsory_age,
    here.id IS NOT NULL AS enrolled,
    exempted.learner IS NOT NULL AS exempt,
    learner_ids.born_on,
    learner_ids.basic_qualification,
    due.ends_on AS report_duty_on,
    alerted.alert_on AS sick_alert_on
FROM learner_ids
LEFT JOIN here ON here.id = learner_ids.id
LEFT JOIN ongoing ON ongoing.id = learner_ids.id
LEFT JOIN missed ON missed.id = learner_ids.id
LEFT JOIN scheduled ON scheduled.id = learner_ids.id
LEFT JOIN reported_sick ON reported_sick.id = learner_ids.id
LEFT JOIN alerted ON alerted.id = learner_ids.id
LEFT JOIN due ON due.id = learner_ids.id
LEFT JOIN exempted ON exempted.learner = learner_ids.learner;
