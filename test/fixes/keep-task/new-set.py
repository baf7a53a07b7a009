"""Sessions."""

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Store

logger = logging.getLogger(__name__)


class Session:
    def __init__(self, store: "Store"):
        self.store = store
        self.loop = asyncio.get_event_loop()

    async def _save(self):
        await self.store.write(self)

    def close(self):
        # Nobody waits for it.
        asyncio.create_task(self._save())  # in the background
        self.loop.create_task(
            self._save(),
            name="save",
        )
        logger.info("closing")

    def close_all(self, task, others):
        for other in others:
            if other is not self:
                _ = asyncio.ensure_future(other._save())

    def reset(self):
        saving = asyncio.create_task(self._save())
        saving.add_done_callback(logger.info)

    def restart(self):
        asyncio.create_task(self._save()).add_done_callback(logger.info)
