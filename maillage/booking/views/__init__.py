"""The booking journey that people see, by screen."""
