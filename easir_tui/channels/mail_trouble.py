"""What can go wrong with a mail server, told apart, each with a sentence and the server's own words.

Sending and reading meet the same troubles before they differ: no connection, no encryption, a certificate that is
not to be trusted, a login that fails. Here they get their names, so that both say the same.
"""

from __future__ import annotations

import ssl
from enum import StrEnum

from easir_tui.channels.mail_account import MailAccount, MailServer, secret
from easir_tui.errors import Refused
from easir_tui.language import _
from easir_tui.text import clean

_LONGEST_WORDS = 500
"""Letters kept of what a server says."""

_EXPIRED, _NOT_YET = 10, 9
_WRONG_NAMES = (62, 64)
"""Numbers of OpenSSL's X509_verify_cert_error: expired, not yet valid, other host, other address."""


class Fate(StrEnum):
    """What became of a message, or of an attempt to reach a mailbox."""

    ACCEPTED = "accepted"
    """The server has it; it is its task from now on."""
    REFUSED = "refused"
    """Refused for good (5xx): the same again would be refused again."""
    LATER = "later"
    """Nothing was taken, and a later try may succeed: 4xx, or no connection before the end of the message."""
    UNCERTAIN = "uncertain"
    """The connection was lost between the end of the message and the answer: it may be on its way, or not."""
    NO_SERVER = "no server"
    """The account says none for this."""
    PASSWORD = "password"
    """The server does not accept the login."""
    SECRET = "secret"
    """There is no password to log in with: its command failed."""
    UNPROTECTED = "unprotected"
    """No encrypted connection could be had; nothing was said in clear."""
    UNTRUSTED = "untrusted"
    """The certificate is signed by nobody that is trusted."""
    EXPIRED = "expired"
    """The certificate is out of date, or not valid yet."""
    WRONG_NAME = "wrong name"
    """The certificate belongs to another server."""


class MailTrouble(Refused):
    """A mail server cannot be used: `fate` in which way, `words` what it said itself, cleaned, `code` its number."""

    def __init__(self, fate: Fate, sentence: str, hint: str = "", *, words: str = "", code: int = 0) -> None:
        super().__init__(sentence, hint)
        self.fate = fate
        self.words = words
        self.code = code


def server_words(said: object) -> str:
    """What a server said, as one line a terminal may be given."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return clean(" ".join(text[: 4 * _LONGEST_WORDS].split()))[:_LONGEST_WORDS]


def secret_of(command: str) -> str:
    """What a command of the account prints.

    Raises:
        MailTrouble: it prints no secret.
    """
    try:
        return secret(command)
    except Refused as refused:
        raise MailTrouble(Fate.SECRET, refused.sentence, refused.hint) from None


def without_secret(words: str, word: str) -> str:
    """Server words without a password or token, which some servers give back in what they complain about."""
    import base64

    for shown in (word, base64.b64encode(word.encode()).decode().rstrip("=")):
        words = words.replace(shown, "…") if shown else words
    return words


def with_words(sentence: str, words: str) -> str:
    """A sentence, and behind it what the server said."""
    return _("{sentence} It says: {words}").format(sentence=sentence, words=words) if words else sentence


def trusted(account: MailAccount) -> ssl.SSLContext:
    """What a server's certificate is checked against: the account's own authorities, or those of the system.

    Raises:
        MailTrouble: the file of authorities cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=account.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise MailTrouble(
            Fate.UNTRUSTED,
            _("The file of trusted certificates {file} cannot be read.").format(file=clean(account.ca_file)),
            words=server_words(error.strerror or error),
        ) from error


def connection_trouble(error: OSError, server: MailServer) -> MailTrouble:
    """The trouble an error of the network or of TLS means, before anything was asked of the server."""
    import socket

    host = clean(server.host)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate_trouble(error, host)
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return MailTrouble(
            Fate.UNPROTECTED,
            _("No encrypted connection to {host} could be made on port {port}.").format(host=host, port=server.port),
            _("Port 465 and 993 are for tls, 587 and 143 for starttls."),
            words=server_words(error.reason or error),
        )
    if isinstance(error, socket.gaierror):
        sentence = _("The mail server {host} was not found.").format(host=host)
    elif isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        sentence = _("The mail server {host} did not answer in time.").format(host=host)
    elif isinstance(error, ConnectionRefusedError):
        sentence = _("Nothing answers at {host} on port {port}.").format(host=host, port=server.port)
    else:
        sentence = _("The connection to the mail server {host} was lost.").format(host=host)
    return MailTrouble(Fate.LATER, sentence, _("It can be tried again later."), words=server_words(error))


def _certificate_trouble(error: ssl.SSLCertVerificationError, host: str) -> MailTrouble:
    words = server_words(error.verify_message)
    if error.verify_code in (_EXPIRED, _NOT_YET):
        return MailTrouble(
            Fate.EXPIRED,
            _("The certificate of {host} is out of date.").format(host=host),
            _("Whoever runs the server must renew it; check the clock of this machine too."),
            words=words,
        )
    if error.verify_code in _WRONG_NAMES:
        return MailTrouble(
            Fate.WRONG_NAME,
            _("The certificate that {host} shows belongs to another server.").format(host=host),
            _("Write the name of the server as its certificate has it."),
            words=words,
        )
    return MailTrouble(
        Fate.UNTRUSTED,
        _("The certificate of {host} is signed by nobody who is trusted.").format(host=host),
        _("If it is your own authority, name its file in the mail account."),
        words=words,
    )


def no_encryption(server: MailServer) -> MailTrouble:
    """The server does not offer the upgrade that was asked for; it is not spoken to in clear instead."""
    return MailTrouble(
        Fate.UNPROTECTED,
        _("{host} does not offer encryption on port {port}.").format(host=clean(server.host), port=server.port),
        _("Nothing was sent. Port 465 and 993 are for tls, 587 and 143 for starttls."),
    )


def wrong_password(account: MailAccount, server: MailServer, words: str, code: int = 0) -> MailTrouble:
    """The server does not let this user in."""
    sentence = _("{host} does not accept the login of {user}.").format(
        host=clean(server.host), user=clean(account.login)
    )
    return MailTrouble(
        Fate.PASSWORD, with_words(sentence, words), _("Check the user name and the password."), words=words, code=code
    )
