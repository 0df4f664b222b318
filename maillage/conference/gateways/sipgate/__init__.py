"""Where SIP calls meet conferences: places at the bridge, rooms as terminals need them, the switchboard.

The sound of everyone else is mixed for each terminal by AudioBridge; its own sound and picture enter the VideoRoom like
any other site's, through a Streaming mountpoint that Janus plays to itself. Whom it may join comes from a `Directory`.
"""
