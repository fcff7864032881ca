-- The group is written: give its memory back before the next.

DROP TABLE child;
DROP TABLE disposition;
DROP TABLE refusal;
DROP TABLE spell;
DROP TABLE marked;
DROP TABLE household;
DROP TABLE person;
