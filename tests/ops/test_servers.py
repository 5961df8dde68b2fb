import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from portal import settings
from script.lib import postgres, processes
from script.lib.redis_server import Redis


@pytest.fixture
def folder():
    """A short folder that the server's own account may enter."""
    path = Path(f"{processes.TEMPORARY}test-servers-{os.getpid()}")
    path.mkdir(mode=0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def cluster(folder):
    cluster = postgres.Cluster(folder / "pg" / "data", folder / "postgres.log", durable=False)
    yield cluster
    cluster.stop()


def test_cluster_starts_although_its_pid_file_names_a_stranger(cluster, folder):
    cluster.start()
    first = cluster.socket
    cluster.stop()
    assert not first.exists()
    stranger = subprocess.Popen(["sleep", "60"])
    stale = f"{stranger.pid}\n{cluster.data}\n0\n5432\n/tmp/ecity-pg-none\n\n"
    (cluster.data / "postmaster.pid").write_text(stale, encoding="utf-8")
    cluster.start()
    assert cluster.ask("SHOW data_directory").stdout.strip() == str(cluster.data)
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_cluster_left_running_is_taken_over_and_then_stopped(cluster):
    cluster.start()
    again = postgres.Cluster(cluster.data, cluster.log, durable=False)
    again.start()
    assert (again.pid, again.socket) == (cluster.pid, cluster.socket)
    again.stop()
    assert processes.birth(cluster.pid) is None


def test_redis_left_running_is_taken_over_and_evicts_nothing(folder):
    redis = Redis(folder / "redis", folder / "redis.log")
    redis.start()
    again = Redis(folder / "redis", folder / "redis.log")
    again.start()
    assert again.pid == redis.pid
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"{redis.folder}/redis.sock")
        client.sendall(b"CONFIG GET maxmemory-policy\r\n")
        assert b"noeviction" in client.recv(200)
    again.stop()
    assert processes.birth(redis.pid) is None
    assert not redis.folder.exists()


def test_addresses_are_understood_by_the_settings():
    database = settings._database(postgres.url(Path("/tmp/ecity-pg-abc")))
    assert (database["NAME"], database["USER"], database["HOST"]) == ("portal", "portal", "/tmp/ecity-pg-abc")
    redis = Redis(Path("/nowhere"), Path("/nowhere.log"))
    redis.folder = Path("/tmp/ecity-redis-abc")
    assert settings._broker(redis.url) == "redis+socket:///tmp/ecity-redis-abc/redis.sock?db=0"
