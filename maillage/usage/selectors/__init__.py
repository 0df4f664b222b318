"""The reads of the counting, by noun; each says how many queries it costs."""
