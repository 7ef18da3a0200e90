import socket
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from recruitment.management.commands import up


def test_a_second_start_on_the_same_data_says_so(tmp_path: Path) -> None:
    with up.only_one(tmp_path), pytest.raises(CommandError, match="already running"), up.only_one(tmp_path):
        pass


def test_the_data_is_free_again_after_the_end(tmp_path: Path) -> None:
    with up.only_one(tmp_path):
        pass
    with up.only_one(tmp_path):
        pass


def test_a_taken_port_is_named_with_a_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(CommandError) as refused:
            up.refuse_taken_port("PORT", port)

    assert str(refused.value) == f"Port {port}: Address already in use. Choose another: make run PORT={port + 1}"
