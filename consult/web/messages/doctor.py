"""What leaks or is at fault in an installation, and what to do about it."""

from __future__ import annotations

from consult.web.messages.marks import N_

MESSAGES = {
    "doctor.leak.proxy": N_(
        "%(place)s: “%(found)s” writes down or passes on who visits or what they answer. Write “%(wanted)s”."
    ),
    "doctor.leak.unit": N_("%(place)s: “%(found)s” lets others read what passes through. Write “%(wanted)s”."),
    "doctor.leak.database": N_(
        "%(system)s: with %(setting)s = %(value)s, answers or their order can be read elsewhere. Set it to %(wanted)s."
    ),
    "doctor.leak.address": N_("The public address %(address)s is not encrypted. Use https behind a proxy."),
    "doctor.leak.open": N_("Others on this machine can read %(path)s. Run “chmod -R go-rwx” on it."),
    "doctor.leak.keys_weak": N_("A key in %(file)s is too short, repeated or not random. Draw 32 random bytes for it."),
    "doctor.leak.keys_beside": N_("The keys %(file)s lie beside the backups. Keep them apart from these."),
    "doctor.leak.backups_expired": N_(
        "Backups that are older than %(days)s days: %(count)s. Run “consult backup”, which deletes them."
    ),
    "doctor.leak.order": N_(
        "Activities that have closed and still keep the order of their responses: %(count)s. See that the worker runs."
    ),
    "doctor.leak.orphans": N_(
        "Files in %(folder)s that belong to nothing any more: %(count)s. See that the worker runs, which deletes them."
    ),
    "doctor.leak.threshold": N_("CONSULT_THRESHOLD = %(threshold)s shows small groups. Set it to %(wanted)s or more."),
    "doctor.fault.setting": N_("There is no setting %(setting)s. Correct its name."),
    "doctor.fault.proxies": N_(
        "The public address is https, but CONSULT_PROXIES is 0. Set it to the number of proxies in front."
    ),
    "doctor.fault.hosts": N_("CONSULT_TRUSTED_HOSTS lacks %(host)s, the host of the public address. Add it."),
    "doctor.fault.any_host": N_("CONSULT_TRUSTED_HOSTS has %(host)s, which stands for many hosts. Name each one."),
    "doctor.fault.keys_missing": N_(
        "%(file)s is missing. Put the copy back that is kept apart, before anything starts and makes new keys."
    ),
    "doctor.fault.keys_unreadable": N_("%(file)s cannot be read. Put the copy back that is kept apart."),
    "doctor.fault.keys_misfit": N_("The keys are not those of this database. Put the right keys.json back."),
    "doctor.fault.key_lost": N_("keys.json lacks the key %(key)s, or has another one. Put it back from the copy."),
    "doctor.fault.ledger": N_(
        "Line %(line)s of the erasure ledger %(file)s cannot be read: a restore would not erase again what it names. "
        "Put it back from a copy."
    ),
    "doctor.fault.disk": N_("Only %(megabytes)s MB are free on the disk of %(path)s. Make room."),
    "doctor.fault.database_away": N_(
        "The database cannot be reached or read (%(why)s). See that it runs and is whole."
    ),
    "doctor.fault.database": N_(
        "%(system)s: with %(setting)s = %(value)s, what was acknowledged can be lost. Set it to %(wanted)s."
    ),
    "doctor.fault.damaged": N_("The database file is damaged. Stop the service and restore the last backup."),
    "doctor.fault.schema": N_("The schema is at %(revision)s instead of %(head)s. Run “consult migrate”."),
    "doctor.fault.clock": N_("The audit trail has entries from the future. Set the clock of this machine."),
    "doctor.fault.clocks": N_(
        "The clocks of this machine and of the database differ by more than a minute. Set both by the network."
    ),
    "doctor.fault.audit": N_(
        "Entry %(number)s of the audit trail was changed. Compare with a backup and find out who could write to it."
    ),
    "doctor.fault.jobs_late": N_("Jobs that have been due for a quarter of an hour: %(count)s. Start the worker."),
    "doctor.fault.jobs_failed": N_("Jobs that failed: %(count)s. The log says where."),
    "doctor.fault.mail_failed": N_("Mails that could not be sent: %(count)s. Check CONSULT_SMTP_URL."),
    "doctor.fault.files_lost": N_("Files in %(folder)s that are missing: %(count)s. Bring them back from a backup."),
    "doctor.fault.file_changed": N_("%(file)s was changed. Bring it back from a backup."),
    "doctor.fault.no_backup": N_("There is no backup in %(folder)s. Run “consult backup” every night."),
    "doctor.fault.backup_old": N_("The last backup is of %(day)s. See why “consult backup” does not run."),
    "doctor.fault.backup_near": N_(
        "The backups in %(folder)s lie on the disk of the data. Set CONSULT_BACKUP_FOLDER to another one."
    ),
    "doctor.fault.unread": N_("%(file)s cannot be read. Run this as a user who may read it."),
}
