from __future__ import annotations

import copy
import json
import pickle
import traceback

import pytest

from desk_phone.model.secret import Secret

WORD = "correct horse"


def test_no_way_of_printing_shows_it() -> None:
    secret = Secret(WORD)
    said = [repr(secret), str(secret), f"{secret}", f"{secret!r:>10}"]
    assert not any(WORD in text for text in said)
    assert f"{secret}" == "***"
    assert WORD not in repr([secret])
    assert WORD not in json.dumps({"password": secret}, default=repr)


def test_it_is_revealed_on_purpose_only() -> None:
    assert Secret(WORD).reveal() == WORD
    assert not hasattr(Secret(WORD), "__dict__")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_cannot_be_pickled(protocol: int) -> None:
    with pytest.raises(TypeError) as caught:
        pickle.dumps(Secret(WORD), protocol)
    assert WORD not in "".join(traceback.format_exception(caught.value))


def test_copies_and_comparisons() -> None:
    secret = Secret(WORD)
    assert copy.copy(secret) is secret
    assert copy.deepcopy(secret) is secret
    assert secret == Secret(WORD)
    assert hash(secret) == hash(Secret(WORD))
    assert secret != Secret("other")
    assert secret != WORD
    assert Secret("\ud800") == Secret("\ud800")


def test_an_empty_secret_is_false() -> None:
    assert not Secret("")
    assert Secret(" ")
