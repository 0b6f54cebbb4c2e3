"""Drives a cluster with photon-pump, a client that others wrote: write, read, iterate, subscribe, consume.

Usage: drive_photonpump.py HOST TCP_PORT HTTP_PORT. Prints what it saw; any difference ends it with an error.
"""

import asyncio
import sys
import uuid

import photonpump
from photonpump import messages as msg

TIME_LIMIT = 30


def check(what, got, expected):
    if got != expected:
        raise SystemExit(f"{what}: got {got!r}, expected {expected!r}")
    print(f"ok  {what}")


async def within(awaitable):
    return await asyncio.wait_for(awaitable, TIME_LIMIT)


async def write_and_read(client):
    stream = f"photonpump-{uuid.uuid4()}"
    ids = [uuid.uuid4() for _ in range(25)]
    events = [
        photonpump.NewEvent("counted", id=ids[n], data={"n": n, "name": "Zoë"}, metadata={"by": "photon-pump"})
        for n in range(25)
    ]
    written = await within(client.publish(stream, events, expected_version=msg.ExpectedVersion.StreamMustNotExist))
    check("25 events are written as 0 to 24", (written.first_event_number, written.last_event_number), (0, 24))

    event = await within(client.get_event(stream, 7))
    check("event 7 comes back with its id", uuid.UUID(str(event.event.id)), ids[7])
    check("and its data", event.json(), {"n": 7, "name": "Zoë"})

    page = await within(client.get(stream, max_count=10))
    check("a page has ten events", [e.json()["n"] for e in page], list(range(10)))
    page = await within(client.get(stream, direction=msg.StreamDirection.Backward, from_event=24, max_count=3))
    check("and three backward", [e.json()["n"] for e in page], [24, 23, 22])

    seen = []
    async for event in client.iter(stream, batch_size=4):
        seen.append(event.json()["n"])
    check("iterating in pages of four gives all", seen, list(range(25)))

    # photon-pump hands the server's refusal on as a result.
    refused = await within(client.publish_event(stream, "refused", body={}, expected_version=3))
    check("a wrong expected version is refused", refused.result, msg.OperationResult.WrongExpectedVersion)

    try:
        await within(client.get(f"missing-{uuid.uuid4()}"))
    except photonpump.exceptions.StreamNotFound:
        print("ok  a missing stream is not found")
    else:
        raise SystemExit("a missing stream was found")


async def subscribe(client):
    stream = f"photonpump-live-{uuid.uuid4()}"
    await within(client.publish_event(stream, "before", body={"n": 0}))
    volatile = await within(client.subscribe_to(stream))
    catch_up = await within(client.subscribe_to(stream, start_from=0))
    for n in range(1, 6):
        await within(client.publish_event(stream, "live", body={"n": n}))

    async def first(subscription, count):
        seen = []
        async for event in subscription.events:
            seen.append(event.json()["n"])
            if len(seen) == count:
                return seen

    check("a volatile subscription gets what comes later", await within(first(volatile, 5)), [1, 2, 3, 4, 5])
    check("a catch-up subscription gets all", await within(first(catch_up, 6)), [0, 1, 2, 3, 4, 5])


async def consume(client):
    stream, group = f"photonpump-work-{uuid.uuid4()}", "workers"
    for n in range(5):
        await within(client.publish_event(stream, "job", body={"n": n}))
    await within(client.create_subscription(group, stream, start_from=0))
    consumer = await within(client.connect_subscription(group, stream))

    async def work(count):
        seen = []
        async for event in consumer.events:
            seen.append(event.json()["n"])
            await consumer.ack(event)
            if len(seen) == count:
                return seen

    check("a persistent subscription hands out what was there", await within(work(5)), [0, 1, 2, 3, 4])
    # More than may be unacknowledged at once: they only come if the acknowledgements were understood.
    for n in range(5, 40):
        await within(client.publish_event(stream, "job", body={"n": n}))
    check("and what comes later, acknowledged one by one", await within(work(35)), list(range(5, 40)))


async def read_all(client):
    count = 0
    async for event in client.iter_all(batch_size=50):
        count += 1
    if count < 31:
        raise SystemExit(f"$all has {count} events")
    print(f"ok  $all has {count} events")


async def main(host, tcp_port, http_port):
    options = dict(username="admin", password="changeit")
    async with photonpump.connect(host=host, port=tcp_port, **options) as client:
        await within(client.ping())
        print("ok  ping")
        await write_and_read(client)
        await subscribe(client)
        await consume(client)
        await read_all(client)
    async with photonpump.connect(discovery_host=host, discovery_port=http_port, **options) as client:
        await within(client.ping())
        event = await within(client.publish_event(f"photonpump-{uuid.uuid4()}", "led", body={}))
        check("a write through the leader that gossip names", event.first_event_number, 0)


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
