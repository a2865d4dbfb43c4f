import { TalkmeClient, TalkmeError, type JudgedAnswer, type Message, type ValidMessage } from "@talkme/core";
import { isSuppressed } from "@talkme/outbox/daemon";

import { clientOptions } from "../accounts/client-options.ts";
import type { Environment } from "../config/environment.ts";
import { readSettingsToSend, type AccountSettings } from "../config/settings.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
import { usualDeadlines } from "../database/database.ts";
import { printable } from "../text/printable.ts";
import { readTryMessage, type TryOptions } from "./try-message.ts";
import { tryJson, tryText, type TryResult } from "./try-report.ts";
import { withDatabase } from "./with-database.ts";
import type { Terminal } from "./terminal.ts";

/** `wrong_usage` where the options were wrong and nothing was sent. */
export type TryEnd = "accepted" | "not_accepted" | "wrong_usage";

/**
 * `syncd try`: sends one real message outside the outbox, and shows the answer and its interpretation. Touches no row,
 * ignores rates, windows and circuits, and never retries.
 */
export async function tryCommand(
  environment: Environment,
  terminal: Terminal,
  options: TryOptions,
): Promise<TryEnd> {
  const settings = readSettingsToSend(environment);
  const read = readTryMessage(options);
  const account = settings.accounts.find(({ name }) => name === options.account);
  const problems = [
    ...(account === undefined
      ? [
          `--account: ${options.account} is not configured; configured: ${settings.accounts.map(({ name }) => name).join(", ")}.`,
        ]
      : []),
    ...(read.ok ? [] : read.problems),
  ];
  if (account === undefined || !read.ok) {
    terminal.err(problems.map((found) => `syncd try: ${printable(found)}\n`).join(""));
    return "wrong_usage";
  }

  terminal.err(describe(account, read.valid));
  const suppression = settings.hasDatabase
    ? await askSuppression(settings.databaseUrl, read.valid)
    : { known: false as const, reason: "TALKME_DATABASE_URL is not set" };
  if (suppression.known && suppression.suppressed) {
    terminal.err("The recipient is suppressed (talkme.suppression) and gets nothing. Nothing was sent.\n");
    return "not_accepted";
  }
  if (!suppression.known) {
    terminal.err(`Whether the recipient is suppressed is unknown (${printable(suppression.reason)}).\n`);
  }
  if (!options.yes) {
    if (terminal.ask === undefined) {
      terminal.err("syncd try: cannot ask for confirmation here; add --yes. Nothing was sent.\n");
      return "wrong_usage";
    }
    const answer = await terminal.ask("Send it? Type yes: ");
    if (answer.trim().toLowerCase() !== "yes") {
      terminal.err("Nothing was sent.\n");
      return "not_accepted";
    }
  }
  const result = await send(new TalkmeClient(clientOptions(account, settings)), account.name, read.message);
  terminal.out(options.json ? tryJson(result) : tryText(result));
  return result.outcome === "accepted" ? "accepted" : "not_accepted";
}

async function send(client: TalkmeClient, account: string, message: Message): Promise<TryResult> {
  let answer: JudgedAnswer | null = null;
  const onAnswer = (judged: JudgedAnswer): void => {
    answer = judged;
  };
  try {
    const { outcome, reference } = await client.send(message, { onAnswer });
    return { account, outcome, code: null, error: null, reference, answer };
  } catch (error) {
    if (!(error instanceof TalkmeError)) throw error;
    const { outcome, code, message: words } = error;
    return { account, outcome, code, error: words, reference: null, answer };
  } finally {
    await client.close();
  }
}

/** Without the token, which is never shown. */
function describe({ name, idCliente, baseUrl }: AccountSettings, message: ValidMessage): string {
  const { numeroDest, emailDest, idCampanha, idWpp, txtmsg, assunto, infoContato } = message;
  const method = infoContato === undefined && emailDest === undefined ? "1 (GET)" : "2 (POST)";
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    ["account", `${name} (id_cliente ${idCliente})`],
    ["API", baseUrl],
    ["method", method],
    ["to", numeroDest === undefined ? undefined : `+${numeroDest.e164Digits}`],
    ["e-mail", emailDest],
    ["campaign", idCampanha],
    ["channel", idWpp],
    ["subject", assunto],
    ["text", txtmsg],
    ...Object.entries(infoContato ?? {}).map(([key, value]) => [`variable ${key}`, value] as const),
  ];
  const lines = facts
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `  ${label}: ${printable(String(value))}\n`);
  return `This sends one real message to a real person, outside the outbox:\n${lines.join("")}`;
}

type Suppression =
  | { readonly known: true; readonly suppressed: boolean }
  | { readonly known: false; readonly reason: string };

async function askSuppression(url: string, { numeroDest, emailDest }: ValidMessage): Promise<Suppression> {
  const numero = numeroDest === undefined ? null : `+${numeroDest.e164Digits}`;
  try {
    const suppressed = await withDatabase(
      url,
      (db) => isSuppressed(db, numero, emailDest ?? null),
      { ...usualDeadlines, statementMs: 5000 },
      1,
    );
    return { known: true, suppressed };
  } catch (error) {
    const reason = error instanceof Error ? describeDatabaseError(error).message : "the database failed";
    return { known: false, reason };
  }
}
