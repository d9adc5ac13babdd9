"""`slipway migrate`: bring the database to the schema this version needs."""

import click


@click.command
def command() -> None:
    """Bring the database to the newest schema. Make a backup first."""
    from bot.settings import Settings
    from bot.store.engine import DatabaseUrlError
    from bot.store.migrate import UnreachableDatabaseError, migrate, pending

    url = Settings.load().database_url
    try:
        missing = pending(url)
        migrate(url)
    except (DatabaseUrlError, UnreachableDatabaseError) as fault:
        raise click.ClickException(str(fault)) from fault
    changes = f"{len(missing)} schema change{'s' if len(missing) != 1 else ''} applied."
    click.echo(changes if missing else "The schema is already the newest; nothing to do.")
