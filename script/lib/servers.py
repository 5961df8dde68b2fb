"""The PostgreSQL and Redis that a command needs: the kept pair, a throw-away pair, or those named outside."""

import contextlib
import itertools
import os
from collections.abc import Iterator

from script.lib import locks, paths, processes
from script.lib.failure import Failure, ignore_signals
from script.lib.postgres import Cluster, home, url
from script.lib.redis_server import Redis

OWNED = paths.VAR / "owns-cluster"


def kept() -> tuple[Cluster, Redis]:
    """The pair whose data stays between runs."""
    return (
        Cluster(home() / "pg", paths.LOG / "postgres.log"),
        Redis(paths.VAR / "redis", paths.LOG / "redis.log"),
    )


def outside() -> set[str]:
    """Which of the two addresses the caller has set; for those nothing is started."""
    return {name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}


@contextlib.contextmanager
def running() -> Iterator[dict[str, str]]:
    """The addresses of the kept pair, up for as long as any script needs it; the last one stops it."""
    given = outside()
    addresses = {name: os.environ[name] for name in given}
    if len(given) == 2:
        yield addresses
        return
    cluster, redis = kept()
    share = locks.Share("servers")
    try:
        with locks.alone("starting"):
            if "DATABASE_URL" not in given:
                _set_aside(cluster)
                cluster.start()
                OWNED.touch()
                addresses["DATABASE_URL"] = url(cluster.socket)
            if "REDIS_URL" not in given:
                redis.start()
                addresses["REDIS_URL"] = redis.url
        yield addresses
    finally:
        ignore_signals()
        with locks.alone("starting"):
            if share.leave():
                redis.stop()
                cluster.stop()
            share.close()


def _set_aside(cluster: Cluster) -> None:
    """A cluster outside the project outlives a deleted clone; a new clone at the same place starts anew."""
    if not cluster.data.exists() or OWNED.exists():
        return
    cluster.stop_leftover()
    aside = next(path for n in itertools.count(1) if not (path := cluster.data.with_name(f"pg.old{n}")).exists())
    cluster.data.rename(aside)
    print(f"The database of an earlier clone at this place was set aside as {aside}.", flush=True)


@contextlib.contextmanager
def throw_away() -> Iterator[dict[str, str]]:
    """The addresses of a fresh pair that vanishes afterwards, and a folder for the files of the run."""
    record = processes.Record("test")
    cluster = redis = None
    try:
        cluster_home, redis_home, files = (record.folder(name) for name in ("test-pg", "test-redis", "test-files"))
        cluster = Cluster(cluster_home / "data", paths.LOG / "test-postgres.log", durable=False)
        cluster.start()
        record.adopt("postgres", cluster.pid, cluster.socket)
        redis = Redis(redis_home, paths.LOG / "test-redis.log", durable=False)
        redis.start()
        record.adopt("redis", redis.pid, redis.folder)
        yield {"DATABASE_URL": url(cluster.socket), "REDIS_URL": redis.url, "PORTAL_VAR": str(files)}
    finally:
        ignore_signals()
        for server in (redis, cluster):
            if server is not None:
                server.stop()
        record.close()


def start_over() -> None:
    """Delete the kept data and every file of the portal under `var/`."""
    if outside():
        raise Failure("--fresh deletes data, so it is refused while DATABASE_URL or REDIS_URL names a server.")
    exclusive = locks.take("servers")
    if exclusive is None:
        raise Failure("Another script is using the servers of this project. Stop it, then use --fresh again.")
    with exclusive, locks.alone("starting"):
        for server in kept():
            if server.data.exists():
                server.stop_leftover()
                server.remove()
        paths.clear()
