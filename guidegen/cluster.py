"""Jobs on a Dask cluster; the only module that knows Dask, which an extra installs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

from distributed import Client, Worker, WorkerPlugin

from guidegen.cache import tools
from guidegen.executors import Stock, forget, take
from guidegen.problems import RequestError
from guidegen.project import find

SECONDS_TO_ANSWER = 10


class _Stocker(WorkerPlugin):  # type: ignore[misc]  # Dask has no types
    """Brings the stock to every worker once, to those too that join or come back later."""

    def __init__(self, stock: Stock) -> None:
        self.name = f"guidegen-{stock.key}"
        self._stock = stock
        self._tools = tools()

    def setup(self, worker: Worker) -> None:
        if tools() != self._tools:
            raise RequestError(
                f"{worker.address} has another Python, guidegen, engine or fonts than this "
                "machine, and would make other pages of the same content"
            )
        take(self._stock, find(None, Path.cwd()).cache)

    def teardown(self, worker: Worker) -> None:
        forget(self._stock)


@contextlib.contextmanager
def dask_executor(address: str, stock: Stock) -> Iterator[Executor]:
    """Give the cluster at ``address``, such as ``tcp://host:8786``, as an executor.

    Its workers have taken ``stock``. Raises RequestError when no scheduler answers there, or when
    a worker would make other pages than this machine.
    """
    try:
        client = Client(address, timeout=SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RequestError(f"no Dask scheduler answers at {address} ({error})") from None
    with client:
        stocker = _Stocker(stock)
        client.register_plugin(stocker)
        try:
            # A job that is run again makes its files anew: results are not looked up by content.
            yield client.get_executor(pure=False)
        finally:
            client.unregister_worker_plugin(stocker.name)
