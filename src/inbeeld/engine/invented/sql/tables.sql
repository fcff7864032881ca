-- The rows of the small tables for one group, story children included.

CREATE OR REPLACE TEMP VIEW learners_out AS
SELECT learner, born_on, basic_qualification FROM child
UNION ALL
SELECT learner, born_on, basic_qualification FROM story_child
WHERE n BETWEEN getvariable('from_learner') AND getvariable('to_learner')
ORDER BY learner;

CREATE OR REPLACE TEMP VIEW enrolments_out AS
SELECT learner, school.school, old_from_on AS from_on, old_until_on AS until_on
FROM child JOIN school ON school.school_no = old_school_no WHERE moved
UNION ALL
SELECT learner, school, from_on, until_on FROM child JOIN school USING (school_no)
WHERE NOT never_enrolled AND (until_on IS NULL OR until_on >= from_on)
UNION ALL
SELECT learner, school, from_on, until_on FROM story_enrolment JOIN story_child USING (n)
WHERE n BETWEEN getvariable('from_learner') AND getvariable('to_learner')
ORDER BY learner, from_on, school;

CREATE OR REPLACE TEMP VIEW exemptions_out AS
SELECT learner, article, exempt_from AS from_on, exempt_until AS until_on FROM child WHERE article IS NOT NULL
UNION ALL
SELECT learner, article, from_on, until_on FROM story_exemption JOIN story_child USING (n)
WHERE n BETWEEN getvariable('from_learner') AND getvariable('to_learner')
ORDER BY learner, from_on;

CREATE OR REPLACE TEMP VIEW people_out AS
SELECT learner, first_names, call_name, prefix, last_name, municipality, postcode, house_number FROM person
UNION ALL
SELECT learner, first_names, call_name, prefix, last_name, municipality, postcode, house_number FROM story_child
WHERE n BETWEEN getvariable('from_learner') AND getvariable('to_learner')
ORDER BY learner;
