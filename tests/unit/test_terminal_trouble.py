"""What a terminal says of a refusal names the command that helps."""

from __future__ import annotations

import pytest

from desk_phone.app.commands.trouble import of_trouble
from desk_phone.app.no_password import no_password, no_token
from desk_phone.errors import BadCredentials, PhoneError
from desk_phone.telco.gateway_trouble import trouble_of
from desk_phone.telco.operations import Operation
from desk_phone.telco.reply import Reply


@pytest.mark.parametrize(
    "error", [no_token(), trouble_of(Reply(401, {}, b""), next(iter(Operation)))]
)
def test_whom_the_relay_lets_in_no_more_is_asked_for_no_password(error: PhoneError) -> None:
    said = of_trouble(error)
    assert said.status == 6
    assert "new code" in said.err
    assert "account set" not in said.err


@pytest.mark.parametrize("error", [no_password(), BadCredentials("Refused", "")])
def test_who_needs_a_password_is_told_how_to_give_it(error: PhoneError) -> None:
    assert "account set" in of_trouble(error).err
