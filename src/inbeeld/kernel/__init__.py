"""What the words mean: truth, calendar, facts and definitions. Only the standard library is known here."""
