"""Which forms does a reader fill in? One module for each form."""
