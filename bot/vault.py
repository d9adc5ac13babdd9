"""Seals the tokens of installed workspaces, so that the database alone lets nobody speak for the bot.

Knows keys and text; knows no table and no setting.
"""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class BrokenSealError(Exception):
    """A token was sealed with a key that is no longer among ours; says what to do."""


class Vault:
    """Encrypts with the newest key, decrypts with any of them."""

    def __init__(self, keys: Sequence[str]) -> None:
        """`keys` are Fernet keys, newest first; at least one."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, token: str) -> str:
        """The token as it may be stored."""
        return self._fernet.encrypt(token.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The token again. Raises BrokenSealError."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise BrokenSealError(
                "a workspace's token was encrypted with a key that TOKEN_KEY no longer has: add the old key "
                "behind the new one, or install the app in that workspace again"
            ) from None
