"""Does one work of the client benchmark with photon-pump, and prints what it has cost as the benchmark's own steps do.

Usage: drive_photonpump.py --server tcp://user:password@host:port --work batches|iterate|catch-up|appends --events N
"""

import argparse
import asyncio
import resource
import time
import urllib.parse

import photonpump

STREAM = "bench"
BATCH = 500
BODY = {"text": "x" * 189}


def event():
    return photonpump.NewEvent("Counted", data=BODY)


async def batches(client, count):
    written = 0
    while written < count:
        events = [event() for _ in range(min(BATCH, count - written))]
        await client.publish(STREAM, events)
        written += len(events)
    return written


async def iterate(client, count):
    seen = 0
    async for got in client.iter(STREAM, batch_size=BATCH):
        seen += got.event.event_number == seen
    return seen


async def catch_up(client, count):
    seen = 0
    subscription = await client.subscribe_to(STREAM, start_from=0, batch_size=BATCH)
    async for got in subscription.events:
        seen += got.event.event_number == seen
        if seen == count:
            return seen


async def appends(client, count):
    async def lane(number):
        share = count // BATCH + (number < count % BATCH)
        for _ in range(share):
            await client.publish(f"{STREAM}-{number}", [event()])
        return share

    return sum(await asyncio.gather(*(lane(number) for number in range(BATCH))))


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--events", type=int, required=True)
    arguments = parser.parse_args()
    url = urllib.parse.urlsplit(arguments.server)
    work = {"batches": batches, "iterate": iterate, "catch-up": catch_up, "appends": appends}[arguments.work]
    async with photonpump.connect(
        host=url.hostname, port=url.port, username=url.username, password=url.password
    ) as client:
        await client.ping()
        began, used = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF)
        done = await work(client, arguments.events)
        now = resource.getrusage(resource.RUSAGE_SELF)
    if done != arguments.events:
        raise SystemExit(f"{arguments.work}: {done} events instead of {arguments.events}")
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    print("usage", cpu, time.monotonic() - began, now.ru_maxrss << 10)


asyncio.run(main())
