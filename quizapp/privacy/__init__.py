"""What people may ask about their own data: a copy, an end; and what is kept only for a time."""
