"""Who may come in? Sign-ins and what they leave in the log, invitations, people and their offices."""
