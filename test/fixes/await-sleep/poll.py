"""Polls a server."""

import logging
import time

logger = logging.getLogger(__name__)


async def poll(client):
    while True:
        # Not too often.
        time.sleep(1)  # seconds
        logger.info("polled %s", client)
        if (time.sleep(0.5) or client).closed:
            break
        if time.sleep(0.5) is None:
            await client.ping()
