/** What `TALKME_MAX_ATTEMPTS` would be. */
export const maxAttempts = 2;
