import type { OutboxDatabase } from "@talkme/outbox";
import { listSilentCaptures } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { warning, type Finding } from "./finding.ts";

/** Does every capture make messages? `run` works either way. */
export async function checkCaptures(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const silent = await listSilentCaptures(db);
  return silent.map(({ name, source, status, disabled }) =>
    warning(
      "captures",
      `${name} on ${source} is ${status}.`,
      disabled
        ? `alter table ${source} enable trigger talkme_capture_${name}_insert, enable trigger talkme_capture_${name}_update; whichever of the two exist.`
        : `Create it again with talkme.capture(..., replace => true), or drop it: select talkme.drop_capture('${name}');`,
    ),
  );
}
