"""The RTP relay between SIP terminals and Janus: sockets, latching, conversion of telephone sound, prompts, pictures.

It gives what plain forwarding does not: terminals behind routers, one unbroken stream when the speaker changes,
requests for a whole picture carried both ways, keys read, G.711 without an audible image. It knows no SIP and no Janus.
"""
