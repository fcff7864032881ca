-- What a call name may stand for: Jan may be Johannes, Kees Cornelis. Two call names of one name are not each other.

UPDATE people_$number AS people
SET roots = LIST_SORT(LIST_DISTINCT(LIST_CONCAT(people.heads, known.officials)))
FROM (
    SELECT unique_id, LIST(call_names.official) AS officials
    FROM (SELECT unique_id, UNNEST(heads) AS head FROM people_$number) AS each_head
    JOIN call_names ON call_names.call = each_head.head
    GROUP BY unique_id
) AS known
WHERE people.unique_id = known.unique_id;
