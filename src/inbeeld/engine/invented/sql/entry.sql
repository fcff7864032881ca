-- Who stands on which list, as it would be written without any mistake; first the story children.

CREATE TEMP TABLE entry (
    list VARCHAR, n BIGINT, learner VARCHAR, last_name VARCHAR, prefix VARCHAR, first_names VARCHAR, call_name VARCHAR,
    other_prefix VARCHAR, other_name VARCHAR, born_on DATE, postcode VARCHAR, house_number VARCHAR, school VARCHAR,
    since_on DATE, category VARCHAR
);

INSERT INTO entry
SELECT list, n, learner, last_name, prefix, first_names, call_name, NULL, NULL, born_on, postcode, house_number, school,
    since_on, category
FROM story_listing JOIN story_child USING (n);
