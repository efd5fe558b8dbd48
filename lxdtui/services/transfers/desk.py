"""What is done where something of the name is there: decided once, or asked for each."""

import asyncio
from collections.abc import Callable, Container

from lxdtui.model.files import FileAttributes, base_name, is_entry_name
from lxdtui.services.transfers.items import Item
from lxdtui.services.transfers.names import untaken
from lxdtui.services.transfers.values import Answer, Choice, Question

__all__ = ["Desk"]

_FOR_ALL = frozenset((Choice.ALL, Choice.NONE, Choice.NEWER, Choice.KEEP_ALL_BOTH))


class Desk:
    """Asks one question at a time, and remembers answers for all.

    Args:
        policy: What is done without a question.
        changed: Called when a question comes or goes.
    """

    def __init__(self, policy: Choice, changed: Callable[[], None]) -> None:
        self._policy = policy
        self._changed = changed
        self._turn = asyncio.Lock()
        self._answer: asyncio.Future[Answer] | None = None
        self._numbers = 0
        self.question: Question | None = None
        """What is asked now."""

    async def decide(
        self, item: Item, there: FileAttributes, directory: str, taken: Container[str]
    ) -> str | None:
        """Decide what becomes of an item.

        Args:
            item: What is copied.
            there: What has its name.
            directory: Where that is.
            taken: All names there.

        Returns:
            The name that it gets, or ``None`` where it is left out.
        """
        async with self._turn:
            name = base_name(item.below)
            proposed = untaken(name, taken)
            answer = Answer(choice=self._policy)
            if self._policy is Choice.ASK:
                answer = await self._ask(item, there, directory, proposed)
                if answer.choice in _FOR_ALL:
                    self._policy = answer.choice
            match answer.choice:
                case Choice.YES | Choice.ALL:
                    return name
                case Choice.NEWER:
                    return name if _is_newer(item.attributes, there) else None
                case Choice.KEEP_ALL_BOTH:
                    return proposed
                case Choice.KEEP_BOTH:
                    given = answer.name
                    return given if is_entry_name(given) and given not in taken else proposed
            return None

    def answer(self, number: int, answer: Answer) -> None:
        """Answer a question; one that is over is passed over."""
        if (
            self.question is not None
            and self.question.number == number
            and self._answer is not None
            and not self._answer.done()
        ):
            self._answer.set_result(answer)

    async def _ask(
        self, item: Item, there: FileAttributes, directory: str, proposed: str
    ) -> Answer:
        self._numbers += 1
        self._answer = asyncio.get_running_loop().create_future()
        self.question = Question(
            number=self._numbers,
            path=item.below,
            directory=directory,
            source=item.attributes,
            target=there,
            proposed=proposed,
        )
        self._changed()
        try:
            return await self._answer
        finally:
            self.question = self._answer = None
            self._changed()


def _is_newer(source: FileAttributes, target: FileAttributes) -> bool:
    if source.modified is None or target.modified is None:
        return False
    # Servers tell whole seconds, this computer parts of them.
    return int(source.modified.timestamp()) > int(target.modified.timestamp())
