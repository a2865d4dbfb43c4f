import type { CircuitKind } from "@talkme/outbox";

/** Why an account's rows wait, and what ends it. */
export const reasons: Readonly<Record<CircuitKind, string>> = {
  not_found:
    "The API answered 404 twice in a row; a third one would lock the token. Mend the campaign, channel or credentials, then: select talkme.resume('account:NAME')",
  authentication:
    "The API refuses this instance's id_cliente or token for the account, or the proxy its user and password (the rows' error_code says which); instances with others go on. Mend them, then restart syncd, or send SIGHUP if it reads them from files that change in place (not under systemd: its credentials are those of the start), then: select talkme.resume('account:NAME')",
  trouble: "The API cannot be reached or gives no clear answer. It is tried with one row after a pause.",
  throttled: "The API answered 429: too many requests. The account waits, and goes on at half its rate.",
};
