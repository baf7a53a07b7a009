"""Sessions."""

import asyncio
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store import Store

_background_tasks = set()

logger = logging.getLogger(__name__)


class Session:
    def __init__(self, store: "Store"):
        self.store = store
        self.loop = asyncio.get_event_loop()

    async def _save(self):
        await self.store.write(self)

    def close(self):
        # Nobody waits for it.
        task = asyncio.create_task(self._save())  # in the background
        _background_tasks.add(task)
        task.add_done_callback(_background_tasks.discard)
        task = self.loop.create_task(
            self._save(),
            name="save",
        )
        _background_tasks.add(task)
        task.add_done_callback(_background_tasks.discard)
        logger.info("closing")

    def close_all(self, task, others):
        for other in others:
            if other is not self:
                background_task = asyncio.ensure_future(other._save())
                _background_tasks.add(background_task)
                background_task.add_done_callback(_background_tasks.discard)

    def reset(self):
        saving = asyncio.create_task(self._save())
        _background_tasks.add(saving)
        saving.add_done_callback(_background_tasks.discard)
        saving.add_done_callback(logger.info)

    def restart(self):
        task = asyncio.create_task(self._save())
        task.add_done_callback(logger.info)
        _background_tasks.add(task)
        task.add_done_callback(_background_tasks.discard)
