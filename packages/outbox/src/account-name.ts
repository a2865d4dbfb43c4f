/** What an account may be called. The same as `talkme.is_account_name`. */
export const accountName = /^[a-z0-9][a-z0-9_-]{0,62}$/;
