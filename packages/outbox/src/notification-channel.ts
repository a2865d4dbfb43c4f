/** The channel that an insert notifies while an instance listens: see migrations/0003_notify.sql. */
export const notificationChannel = "talkme_outbox";
