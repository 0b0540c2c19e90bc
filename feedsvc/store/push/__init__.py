"""WebSub in the database: `subscriptions` at our hub, `deliveries` of news, `pings` to outside hubs, and
`following`: our own subscriptions at the hubs of upstream feeds.
"""
