"""Does with PyPI's `gql` what test/gateway/standard-clients.test.ts does with the others. Writes what it was told as lines of JSON."""

import asyncio
import json
import sys

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.websockets import WebsocketsTransport

URL = sys.argv[1]
USER = {"x-beckon-user": "ann"}


def tell(told):
    print(json.dumps(told), flush=True)


async def main():
    async with Client(transport=AIOHTTPTransport(url=URL, headers=USER), fetch_schema_from_transport=True) as session:
        tell(await session.execute(gql("{ recommendations(first: 2) { items { itemId } } }")))
        record = gql("mutation ($b: [BehaviourInput!]!) { recordBehaviours(behaviours: $b) { users { userId seq } } }")
        tell(await session.execute(record, variable_values={"b": [{"type": "view", "itemId": "a"}]}))
    socket = WebsocketsTransport(url=URL.replace("http", "ws"), init_payload=USER)
    async with Client(transport=socket) as session:
        watch = gql("subscription { recommendations(first: 2) { position { revision } list { items { itemId } } } }")
        events = 0
        async for event in session.subscribe(watch):
            tell(event)
            events += 1
            if events == 2:
                break


asyncio.run(main())
