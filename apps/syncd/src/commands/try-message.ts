import { messageIssues, messageSchema, type Message, type ValidMessage } from "@talkme/core";

/** The options of the command line, as written. */
export interface TryOptions {
  readonly to?: string;
  readonly campaign?: number;
  readonly channel?: number;
  readonly account: string;
  readonly variable: readonly string[];
  readonly text?: string;
  readonly email?: string;
  readonly subject?: string;
  readonly yes: boolean;
  readonly json: boolean;
}

/** The option that sets each field, for error messages. */
const optionOf: readonly (readonly [RegExp, string])[] = [
  [/^numeroDest/, "--to"],
  [/^emailDest/, "--email"],
  [/^idCampanha/, "--campaign"],
  [/^idWpp/, "--channel"],
  [/^txtmsg/, "--text"],
  [/^assunto/, "--subject"],
  [/^infoContato\.?/, "--variable "],
];

/** The message that the options describe, or everything that is wrong with them. */
export function readTryMessage(
  options: TryOptions,
):
  | { readonly ok: true; readonly message: Message; readonly valid: ValidMessage }
  | { readonly ok: false; readonly problems: readonly string[] } {
  const problems: string[] = [];
  // A plain object has names of its own, such as toString.
  const variables = new Map<string, string>();
  for (const variable of options.variable) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(variable) ?? [];
    if (name === undefined || value === undefined) problems.push("--variable: write name=value.");
    else if (variables.has(name)) problems.push(`--variable ${name}: was given twice.`);
    else variables.set(name, value);
  }
  const { campaign, channel, text, subject } = options;
  const [to, email] = [options.to, options.email].map((value) => value || undefined);
  if (to === undefined && email === undefined) problems.push("Give --to NUMBER, --email ADDRESS or both.");
  if (campaign === undefined && channel === undefined)
    problems.push("Give --campaign ID, --channel ID or both.");
  const message: Message = {
    ...(to !== undefined && { numeroDest: to }),
    ...(email !== undefined && { emailDest: email }),
    ...(campaign !== undefined && { idCampanha: campaign }),
    ...(channel !== undefined && { idWpp: channel }),
    ...(text !== undefined && { txtmsg: text }),
    ...(subject !== undefined && { assunto: subject }),
    ...(variables.size > 0 && { infoContato: Object.fromEntries(variables) }),
  };
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success) {
    const issues = messageIssues(parsed.error).filter(({ path }) => path !== "" || problems.length === 0);
    problems.push(...issues.map((issue) => `${inWordsOfTheOptions(issue.path)}: ${issue.message}`));
  } else if (subject !== undefined && email === undefined && parsed.data.infoContato === undefined) {
    problems.push("--subject: only for e-mail; give --email too.");
  }
  return parsed.success && problems.length === 0
    ? { ok: true, message, valid: parsed.data }
    : { ok: false, problems };
}

function inWordsOfTheOptions(path: string): string {
  const found = optionOf.find(([pattern]) => pattern.test(path));
  return found === undefined ? "the message" : path.replace(found[0], found[1]).trim();
}
