"""Polls a server."""

import asyncio
import logging
import time

logger = logging.getLogger(__name__)


async def poll(client):
    while True:
        # Not too often.
        await asyncio.sleep(1)  # seconds
        logger.info("polled %s", client)
        if (await asyncio.sleep(0.5) or client).closed:
            break
        if await asyncio.sleep(0.5) is None:
            await client.ping()
