"""What can be wrong with backups and with bringing them back."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "backups.schema": N_("The database does not have the schema of this version. Run “consult migrate” first."),
    "backups.running": N_("Another backup is being made. Wait until it is done."),
    "backups.room": N_("The disk of %(folder)s is nearly full. Make room, or choose another folder for backups."),
    "backups.missing": N_("There is no backup %(file)s."),
    "backups.key": N_("%(file)s was encrypted with another key. Give the keys.json of the installation that made it."),
    "backups.damaged": N_("%(file)s is damaged or not complete. Take another backup."),
    "backups.format": N_("This backup was made by version %(version)s, whose format this version cannot read."),
    "backups.newer": N_("This backup was made by the newer version %(version)s. Install that one first."),
    "backups.occupied": N_(
        "There are data already. Restore into an empty installation, or replace everything with --force."
    ),
    "backups.differs": N_("The database does not give back what was written to it (%(what)s). Do not use it."),
    "backups.keys.missing": N_("%(file)s is not there or cannot be read. Without the keys nothing can be read."),
    "backups.keys.other": N_("%(file)s holds other keys than those of this backup. Move it away first."),
    "backups.keys.beside": N_("Keep the keys apart: choose a place outside the data folder and the folder of backups."),
}
