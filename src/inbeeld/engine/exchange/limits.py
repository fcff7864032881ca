"""How much an exchange asks and tells: what the arguments, the files and the log hold to."""

#: More children than any list of one organisation holds.
MOST = 100_000
#: Children in one request, unless the end that answers says otherwise.
AT_MOST = 2_000
#: In a year no more than a request of the greatest size each month.
REQUESTS_OF_A_YEAR = 12
#: How many of nine children somebody has is nearly which.
FEWEST_TO_COUNT = 10
