"""From values to words and cells. Pure functions, no Textual."""
