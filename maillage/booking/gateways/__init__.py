"""What booking needs of the outside: calendars, mail, paper, payment."""
