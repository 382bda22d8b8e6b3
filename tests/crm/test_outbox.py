"""E-mails on their way out, against a real server that also fails: none is lost, none goes out twice."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import time_machine

from easir_tui import clock
from easir_tui.crm import activities, activity_page, outbox, timeline, undo, unsent
from easir_tui.crm.activities import ActivityInput, Email
from easir_tui.crm.users import Me
from easir_tui.data.sqlite import row, run, value, writing
from easir_tui.errors import NotFound, Refused, StoreProblem
from tests.servers.account import write_account
from tests.servers.certificates import Authority, Certificate
from tests.servers.processes import free_port
from tests.servers.smtp_server import Mood, SmtpServer, smtp_server

from .made import a_colleague, a_contact

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> Certificate:
    return authority.certify("localhost")


@pytest.fixture
def server(tmp_path: Path, authority: Authority, certificate: Certificate) -> Iterator[SmtpServer]:
    """A server that Anna's settings name."""
    with smtp_server(certificate) as running:
        write_account(tmp_path, authority, running.address)
        yield running


BODY = "Kære Ole\n\nså er det nu: æøå\n.punktum\n" + "Bilen står klar. " * 100


def an_email(me: Me, contact: int, subject: str = "Tilbud på ID.4", **more: object) -> int:
    """An e-mail that was just saved."""
    email = Email(("ole@example.dk",), subject=subject, body=BODY)
    made = activities.record(me, ActivityInput(contact, "email", email=email, **more))  # type: ignore[arg-type]
    return made.activity_id


def state(activity: int) -> tuple[str, str]:
    found = row("SELECT state, said FROM mail WHERE activity_id = ?", activity)
    assert found is not None
    return found[0], found[1]


def test_a_saved_email_arrives_as_it_was_written(me: Me, server: SmtpServer, tmp_path: Path) -> None:
    contact = a_contact(me, last_name="Øllegård Æbeltoft-Sørensen")
    offer = tmp_path / "tilbud på ål.pdf"
    offer.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)
    activity = an_email(me, contact, attachments=(offer,))
    assert state(activity)[0] == "queued"
    assert server.taken == []
    told: list[tuple[str, str]] = []
    result = outbox.send_due(me, at_once=True, told=lambda subject, became: told.append((subject, became)))
    assert (result.outcomes, result.trouble, told) == ({"sent": 1}, None, [("Tilbud på ID.4", "sent")])
    assert state(activity) == ("sent", "2.0.0 Queued as 4711")
    (taken,) = server.taken
    assert (taken.sender, taken.recipients) == ("anna@nordlys.dk", ["ole@example.dk"])
    message = message_from_bytes(taken.content, policy=policy.default)
    assert message["from"].addresses[0].display_name == "Anna Holm"
    assert message["to"].addresses[0].display_name == "Ole Øllegård Æbeltoft-Sørensen"
    assert message["subject"] == "Tilbud på ID.4"
    assert message["message-id"] == value("SELECT message_id FROM mail WHERE activity_id = ?", activity)
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").strip() == BODY.strip()
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (offer.name, offer.read_bytes())
    assert outbox.send_due(me, at_once=True).outcomes == {}
    assert len(server.taken) == 1


def test_undo_takes_back_what_has_not_gone_out_and_nothing_else(me: Me, server: SmtpServer) -> None:
    contact = a_contact(me)
    an_email(me, contact, "Undone")
    undo.undo(me)
    assert outbox.send_due(me, at_once=True).outcomes == {}
    undo.undo(me, undo.last_steps(me)[0].event_id)
    assert outbox.send_due(me, at_once=True).outcomes == {"sent": 1}
    with pytest.raises(Refused, match="has gone out"):
        undo.undo(me, undo.last_steps(me)[0].event_id)
    assert [one.subject for one in timeline.history(me, contact).rows if one.source == "activity"] == ["Undone"]


def test_the_application_waits_a_moment_so_that_undo_comes_in_time(me: Me, server: SmtpServer) -> None:
    an_email(me, a_contact(me))
    assert not unsent.waits(me)
    assert outbox.send_due(me).outcomes == {}
    with time_machine.travel(clock.now() + outbox.GRACE + 1, tick=False):
        assert unsent.waits(me)
        assert outbox.send_due(me).outcomes == {"sent": 1}


def test_a_deleted_email_does_not_go_out(me: Me, server: SmtpServer) -> None:
    activity = an_email(me, a_contact(me))
    activity_page.remove(me, activity, None)
    assert outbox.send_due(me, at_once=True).outcomes == {}
    undo.undo(me)
    assert outbox.send_due(me, at_once=True).outcomes == {"sent": 1}


def test_what_was_corrected_in_time_goes_out_corrected_and_what_was_sent_stays(me: Me, server: SmtpServer) -> None:
    activity = an_email(me, a_contact(me))
    activity_page.correct(me, activity, None, subject="Rigtigt tilbud")
    outbox.send_due(me, at_once=True)
    assert message_from_bytes(server.taken[0].content, policy=policy.default)["subject"] == "Rigtigt tilbud"
    with pytest.raises(Refused, match="stays as it is"):
        activity_page.correct(me, activity, None, body="Noget helt andet")
    activity_page.correct(me, activity, None, note="He wanted it in red")


@pytest.mark.parametrize("drop", ["middle", "rcpt"])
def test_a_line_cut_before_the_end_is_tried_again(me: Me, server: SmtpServer, drop: str, tmp_path: Path) -> None:
    """Nothing was taken, so nothing is doubled; pauses grow, and the words are kept."""
    (tmp_path / "scan.bin").write_bytes(bytes(6_000_000))  # more than fits between the two
    activity = an_email(me, a_contact(me), attachments=(tmp_path / "scan.bin",))
    server.mood = Mood(drop=drop)
    result = outbox.send_due(me, at_once=True)
    assert result.outcomes == {"queued": 1}
    assert result.trouble is not None
    became, said = state(activity)
    assert (became, said) == ("queued", "The connection to the mail server localhost was lost.")
    (listed,) = unsent.listed(me, troubled=True)
    assert (listed.tries, listed.try_at) == (1, clock.now() + outbox.PAUSES[0])
    outbox.send_due(me, at_once=True)
    assert unsent.listed(me)[0].try_at == clock.now() + outbox.PAUSES[1]
    server.mood = Mood()
    assert outbox.send_due(me).outcomes == {}
    assert outbox.send_due(me, at_once=True).outcomes == {"sent": 1}
    assert len(server.taken) == 1


def test_lost_after_the_end_is_not_certain_and_never_sent_by_itself(me: Me, server: SmtpServer) -> None:
    activity = an_email(me, a_contact(me))
    server.mood = Mood(drop="dot")
    assert outbox.send_due(me, at_once=True).outcomes == {"uncertain": 1}
    became, said = state(activity)
    assert became == "uncertain"
    assert "may have been sent, or not" in said
    server.mood = Mood()
    assert outbox.send_due(me, at_once=True).outcomes == {}
    assert [one.state for one in unsent.listed(me, troubled=True)] == ["uncertain"]
    outbox.settle(me, activity)
    assert unsent.listed(me) == []
    undo.undo(me)
    outbox.again(me, activity)
    assert outbox.send_due(me, at_once=True).outcomes == {"sent": 1}
    first, second = (message_from_bytes(one.content) for one in (server.seen[0], server.taken[0]))
    assert first["message-id"] == second["message-id"]


def test_refused_is_shown_with_the_servers_words_and_can_be_sent_again(me: Me, server: SmtpServer) -> None:
    contact = a_contact(me)
    activity = an_email(me, contact)
    server.mood = Mood(recipients={"ole@example.dk": "550 5.1.1 No such \x1b[31mmailbox"})
    assert outbox.send_due(me, at_once=True).outcomes == {"refused": 1}
    said = state(activity)[1]
    assert "No such" in said
    assert "\x1b" not in said
    happened = timeline.history(me, contact).rows[0]
    assert (happened.state, happened.said) == ("refused", said)
    assert (activity_page.activity(me, activity).said) == said
    assert outbox.send_due(me, at_once=True).outcomes == {}
    server.mood = Mood()
    outbox.again(me, activity)
    assert outbox.send_due(me).outcomes == {"sent": 1}


def test_one_of_two_recipients_refused_goes_to_the_other_once(me: Me, server: SmtpServer) -> None:
    email = Email(("ole@example.dk", "ida@example.dk"), bcc=("chef@nordlys.dk",), subject="Tilbud", body="Hej")
    activity = activities.record(me, ActivityInput(a_contact(me), "email", email=email)).activity_id
    server.mood = Mood(recipients={"ida@example.dk": "550 No such user"})
    assert outbox.send_due(me, at_once=True).outcomes == {"partly": 1}
    assert "ida@example.dk" in state(activity)[1]
    assert server.taken[0].recipients == ["ole@example.dk", "chef@nordlys.dk"]
    assert b"chef@nordlys.dk" not in server.taken[0].content
    with pytest.raises(Refused, match="has been sent"):
        outbox.again(me, activity)
    outbox.settle(me, activity)
    assert unsent.listed(me) == []


def test_after_two_days_of_not_now_it_is_refused(me: Me, server: SmtpServer) -> None:
    activity = an_email(me, a_contact(me))
    server.mood = Mood(verdict="451 4.7.1 Greylisted, come back later")
    assert outbox.send_due(me, at_once=True).outcomes == {"queued": 1}
    with time_machine.travel(clock.now() + outbox.GIVE_UP + 10, tick=False):
        assert outbox.send_due(me, at_once=True).outcomes == {"refused": 1}
    assert "Greylisted" in state(activity)[1]


def test_a_trouble_of_the_account_holds_all_and_loses_none(me: Me, server: SmtpServer, tmp_path: Path) -> None:
    contact = a_contact(me)
    for number in range(3):
        an_email(me, contact, f"Nr. {number}")
    server.mood = Mood(login="535 5.7.8 No")
    result = outbox.send_due(me, at_once=True)
    assert (result.outcomes, server.connections) == ({"queued": 3}, 1)
    assert result.trouble is not None
    with time_machine.travel(clock.now() + outbox.GIVE_UP + 10, tick=False):
        assert outbox.send_due(me, at_once=True).outcomes == {"queued": 3}
    server.mood = Mood()
    assert outbox.send_due(me, at_once=True).outcomes == {"sent": 3}
    assert [message_from_bytes(one.content)["subject"] for one in server.taken] == ["Nr. 0", "Nr. 1", "Nr. 2"]


def test_no_server_at_all(me: Me, tmp_path: Path, server: SmtpServer, authority: Authority) -> None:
    from dataclasses import replace

    activity = an_email(me, a_contact(me))
    write_account(tmp_path, authority, replace(server.address, port=free_port()))
    outbox.send_due(me, at_once=True)
    assert state(activity)[0] == "queued"
    assert "Nothing answers at localhost" in state(activity)[1]
    (tmp_path / "home/.config/easir/settings.toml").write_text("")
    result = outbox.send_due(me, at_once=True)
    assert "no mail server" in state(activity)[1]
    assert result.outcomes == {"queued": 1}


def test_an_email_that_was_undone_while_the_server_listened_is_not_sent(
    me: Me, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_email(me, a_contact(me))
    begin = outbox._begin

    def undone_first(message: outbox.Message) -> None:
        undo.undo(me)
        begin(message)

    monkeypatch.setattr(outbox, "_begin", undone_first)
    assert outbox.send_due(me, at_once=True).outcomes == {}
    assert server.taken == []


def test_a_disk_that_is_full_at_the_last_moment_sends_nothing(
    me: Me, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be written down is not sent: else nobody would know."""
    activity = an_email(me, a_contact(me))

    def full(_message: object) -> None:
        raise StoreProblem("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(outbox, "_begin", full)
        with pytest.raises(StoreProblem):
            outbox.send_due(me, at_once=True)
    assert (server.taken, state(activity)[0]) == ([], "queued")
    assert outbox.send_due(me, at_once=True).outcomes == {"sent": 1}


def test_who_finds_one_half_sent_knows_that_nobody_knows(me: Me, server: SmtpServer) -> None:
    activity = an_email(me, a_contact(me))
    with writing():
        run("UPDATE mail SET state = 'sending' WHERE activity_id = ?", activity)
    assert unsent.waits(me)
    assert outbox.send_due(me, at_once=True).outcomes == {}
    assert state(activity) == ("uncertain", "The program ended before the server had answered.")
    assert server.taken == []


def test_a_colleagues_mail_is_theirs_to_send(me: Me, server: SmtpServer) -> None:
    jens = a_colleague(me)
    contact = a_contact(me)
    activity = an_email(me, contact)
    assert outbox.send_due(jens, at_once=True).outcomes == {}
    with pytest.raises(Refused, match="colleague"):
        outbox.again(jens, activity)
    assert unsent.listed(jens) == []


def test_an_answer_goes_on_with_the_thread(me: Me, server: SmtpServer) -> None:
    contact = a_contact(me)
    first = an_email(me, contact, "Tilbud")
    second = an_email(me, contact, "Re: Tilbud", answers=first)
    third = an_email(me, contact, "Re: Tilbud", answers=second)
    outbox.send_due(me, at_once=True)
    sent = [message_from_bytes(one.content) for one in server.taken]
    ids = [one["message-id"] for one in sent]
    assert [one["in-reply-to"] for one in sent] == [None, ids[0], ids[1]]
    assert [(one["references"] or "").split() for one in sent] == [[], ids[:1], ids[:2]]
    threads = {value("SELECT thread FROM mail WHERE activity_id = ?", one) for one in (first, second, third)}
    assert threads == {ids[0]}


def test_an_old_note_of_an_email_never_goes_out_by_itself(me: Me, server: SmtpServer) -> None:
    """E-mails of the version before were only noted as to be sent."""
    activity = an_email(me, a_contact(me))
    with writing():
        run("DELETE FROM mail")
    assert outbox.send_due(me, at_once=True).outcomes == {}
    assert activity_page.activity(me, activity).state == "to_send"
    with pytest.raises(NotFound):
        outbox.again(me, activity)
