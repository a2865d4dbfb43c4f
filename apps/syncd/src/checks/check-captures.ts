import type { OutboxDatabase } from "@talkme/outbox";
import { listSilentCaptures } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { captures } from "../language/findings/outbox.ts";
import { warning, type Finding } from "./finding.ts";

/** Does every capture make messages? `run` works either way. */
export async function checkCaptures(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const silent = await listSilentCaptures(db);
  return silent.map(({ name, source, status, disabled }) =>
    warning(
      "captures",
      captures.silent(name, source, status),
      disabled ? captures.enable(source, name) : captures.recreate(name),
    ),
  );
}
