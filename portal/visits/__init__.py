"""Do the web addresses that records cite still open? Asked by `portal links`, never within a request (trust S06)."""
