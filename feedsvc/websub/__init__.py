"""The rules of WebSub (W3C Recommendation, 23 January 2018), pure: what is asked, signed, retried, and when.

`rules` says how this hub is set up, `asking` reads a subscriber's request, `verify` its confirmation,
`signature` signs and checks contents, `retry` times repetitions, `links` finds the hub of an upstream.

Where the rest is: `serve.websub` takes requests in, `store.push` keeps them, `push` sends (see there for the
way that news takes), `wiring.push` puts these together.
"""
