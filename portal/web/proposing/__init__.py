"""How does an agency propose? The form: its fields, what it makes of a document, its pages and suggestions."""
