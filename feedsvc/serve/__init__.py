"""HTTP: ready answers are looked up before Flask; Flask does the rest. Imports nothing that reads or renders.

`front` is the WSGI application: it looks `documents` up, has what is not ready built (`on_demand`), and hands
everything else to `app` (Flask): `api`, `websub`, `oembed`, /status. `negotiation` holds the rules of HTTP,
`answers` the short ones, `stream` is a process of its own.
"""
