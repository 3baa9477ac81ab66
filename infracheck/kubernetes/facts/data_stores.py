"""Images of programs that keep data of their own: a second pod beside the first has other data, not the same.

Sources: the official images of Docker Hub (https://hub.docker.com/u/library) and the images the projects name in their
own installation guides.
"""

from __future__ import annotations

from typing import Final

DATA_STORES: Final = frozenset(
    {
        "cassandra", "clickhouse", "clickhouse-server", "couchbase", "couchdb", "dragonfly", "dynamodb-local",
        "elasticsearch", "etcd", "influxdb", "kafka", "keydb", "mariadb", "minio", "mongo", "mongodb", "mssql", "mysql",
        "mysql-server", "neo4j", "opensearch", "postgis", "postgres", "postgresql", "rabbitmq", "redis", "redis-stack",
        "redis-stack-server", "seaweedfs", "valkey", "zookeeper",
    }
)  # fmt: skip
"""The last part of the repository: "mysql" of `docker.io/library/mysql` and of `bitnami/mysql`."""
