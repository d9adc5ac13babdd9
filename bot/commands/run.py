"""`slipway run`: start the bot, and stop it when the process is told to."""

import asyncio
import os
import signal

import click

from bot.app import Application, CantStart, prepare
from bot.commands.group import Stopped
from bot.logs import configure_logging
from bot.settings import Settings
from bot.store.migrate import OldSchemaError, UnreachableDatabaseError
from handlers.web import AddressTakenError

# What a shell reports for a program ended by an interrupt.
_INTERRUPTED = 130


@click.command
def command() -> None:
    """Start the bot: Socket Mode with an app token, HTTP mode with a signing secret."""
    settings = Settings.load()
    settings.check_can_run()
    configure_logging(settings.log_level, settings.log_format, settings.secrets())
    try:
        prepare(settings)
        asyncio.run(run_until_told(settings))
    except (CantStart, AddressTakenError) as why:
        raise Stopped(str(why), status=2) from None
    except (OldSchemaError, UnreachableDatabaseError) as why:
        raise Stopped(str(why)) from None


async def run_until_told(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT, then finish what is under way. A second signal ends at once."""
    told = asyncio.Event()

    def stop() -> None:
        if told.is_set():
            # Harmless: everything that was promised is in the database.
            os._exit(_INTERRUPTED)
        told.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    application = Application(settings)
    starting = asyncio.create_task(application.start())
    waiting = asyncio.create_task(told.wait())
    await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done():
        await starting
        await waiting
        await application.stop()
    else:
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
