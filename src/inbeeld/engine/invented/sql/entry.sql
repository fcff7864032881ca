-- Who stands on which list, as it would be written without any mistake. `home` is the
-- same for who live together and get their name from the same parents.

CREATE TEMP TABLE entry (
    list VARCHAR, n BIGINT, home BIGINT, learner VARCHAR, last_name VARCHAR, prefix VARCHAR, first_names VARCHAR,
    call_name VARCHAR, other_prefix VARCHAR, other_name VARCHAR, born_on DATE, postcode VARCHAR, house_number VARCHAR, school VARCHAR,
    since_on DATE, category VARCHAR
);
