"""Members of an express lane, and who of them has the newest frame."""

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from server.live.codec import JSON, Codec
from server.live.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable


class Peer:
    """A member; `on_write` is what its socket does beside taking a frame."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.on_write: Callable[[], None] = lambda: None
        self.lost = False

    @property
    def codec(self) -> Codec:
        return JSON

    def write(self, frame: bytes) -> None:
        self.on_write()
        self.got.append(frame)

    def lose(self) -> None:
        self.lost = True


def line_of(peers: list[Peer]) -> Line:
    line = Line()
    for peer in peers:
        line.add(peer, peer.write)
    return line


def serve_all(line: Line, frame: bytes) -> None:
    line.begin()
    while line.serve(frame, 2):
        pass


def test_everyone_is_served_once() -> None:
    peers = [Peer() for _ in range(5)]

    serve_all(line_of(peers), b"new")

    assert [peer.got for peer in peers] == [[b"new"]] * 5


def test_one_whose_socket_fails_is_lost_and_the_others_are_served() -> None:
    peers = [Peer() for _ in range(3)]

    def fail() -> None:
        raise OSError

    peers[1].on_write = fail
    serve_all(line_of(peers), b"new")

    assert [peer.lost for peer in peers] == [False, True, False]
    assert [peer.got for peer in peers] == [[b"new"], [], [b"new"]]


def test_one_that_is_written_to_may_make_others_leave() -> None:
    peers = [Peer() for _ in range(4)]
    line = line_of(peers)
    left: dict[int, bool] = {}

    def all_leave() -> None:
        for number, peer in enumerate(peers):
            if peer in line:
                left[number] = line.remove(peer)

    peers[1].on_write = all_leave
    serve_all(line, b"new")

    assert len(line) == 0
    assert {number for number, has_newest in left.items() if has_newest} == {
        number for number, peer in enumerate(peers) if peer.got
    }


@given(st.lists(st.tuples(st.sampled_from(["enter", "leave", "serve"]), st.integers(0, 100))))
def test_whoever_leaves_in_the_middle_of_a_frame_is_known_to_have_it_or_not(steps: list[tuple[str, int]]) -> None:
    peers = [Peer() for _ in range(6)]
    line = line_of(peers)
    line.begin()
    have: set[Peer] = set()
    for what, number in steps:
        match what:
            case "enter":
                peers.append(Peer())
                line.add(peers[-1], peers[-1].write)
                have.add(peers[-1])
            case "leave" if peers:
                peer = peers.pop(number % len(peers))
                assert line.remove(peer) == (peer in have or bool(peer.got))
            case _:
                line.serve(b"new", 1)
    while line.serve(b"new", 2):
        pass
    assert [len(peer.got) for peer in peers] == [0 if peer in have else 1 for peer in peers]
