"""What is the portal measured beside? Small programs that show the same records, each in its usual way."""
