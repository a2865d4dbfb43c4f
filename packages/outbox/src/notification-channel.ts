/** The channel that an insert notifies while an instance listens: see sql/insert/notify-outbox.sql. */
export const notificationChannel = "talkme_outbox";
