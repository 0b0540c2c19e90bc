"""What goes out when there is news, and what upstream feeds push to us. The rules are in `websub`.

    subscriber ──► serve.websub ──► an intent row ──► deliver.Intents asks back ──► a subscription
    publication ──► a push row ──► announce waits until every web process serves it
        ──► deliver.Deliveries (subscribers) and deliver.Pings (outside hubs)
    upstream hub ──► serve.websub ──► an arrival row ──► subscriber.Arrivals ──► the usual reading

Each step is a row of `store.push` with a lease and a token; `dispatch` claims rows, works in threads, writes
how they ended. So `kill -9` loses nothing.
"""
