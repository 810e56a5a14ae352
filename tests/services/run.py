"""Start servers, then a command with their addresses: `python -m tests.services.run postgres -- pytest -m data`."""

import os
import subprocess
import sys
from contextlib import ExitStack

from tests.services import postgres, redis, s3


def main() -> int:
    names, command = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    with ExitStack() as servers:
        environment = dict(os.environ)
        if "postgres" in names:
            server = servers.enter_context(postgres.running())
            environment |= {"TEST_POSTGRES": server.server, "TEST_DATABASE_URL": server.address(server.new_database())}
        if "redis" in names:
            environment["TEST_REDIS"] = servers.enter_context(redis.running())
        if "s3" in names:
            store = servers.enter_context(s3.running())
            environment |= {"TEST_S3_ENDPOINT": store.endpoint}
            environment |= {"TEST_S3_ACCESS_KEY": store.access_key, "TEST_S3_SECRET_KEY": store.secret_key}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
