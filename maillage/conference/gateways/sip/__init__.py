"""Our SIP user agent: terminals and telephones call in, and are called. Messages are read by `sipmessage` (ADR 0070).

transport → transactions → agent (calls, OPTIONS, REGISTER). None of it knows Janus, RTP or Django's models.
"""
