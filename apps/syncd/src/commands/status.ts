import { readSchemaState } from "@talkme/outbox";
import { countRows, listFailures, listInstances, readQueue } from "@talkme/outbox/daemon";

import type { Terminal } from "../cli.ts";
import type { Environment } from "../config/environment.ts";
import { readDatabaseUrl } from "../config/settings.ts";
import { UnfitSchemaError } from "../database/unfit-schema-error.ts";
import { textTable } from "./text-table.ts";
import { withDatabase } from "./with-database.ts";

/** `syncd status`: needs the database's URL and no other setting. */
export async function status(environment: Environment, terminal: Terminal, json: boolean): Promise<void> {
  const url = readDatabaseUrl(environment);
  const report = await withDatabase(url, async (db) => {
    const state = await readSchemaState(db);
    if (state.kind !== "current") throw new UnfitSchemaError(state);
    const { lanes, circuits } = await readQueue(db);
    const { byStatus, sentIsEstimate } = await countRows(db);
    const oldest = Math.min(0, ...lanes.map(({ dueInMs }) => dueInMs));
    return {
      rows: byStatus,
      sent_is_estimate: sentIsEstimate,
      oldest_due_waits_seconds: Math.round(-oldest / 1000),
      instances: await listInstances(db),
      open_circuits: circuits.flatMap(({ account, kind, halfOpenInMs }) =>
        kind === null
          ? []
          : [{ account, kind, tried_in_seconds: Math.max(0, Math.round((halfOpenInMs ?? 0) / 1000)) }],
      ),
      not_sent: await listFailures(db),
    };
  });

  if (json) {
    terminal.out(`${JSON.stringify(report, null, 2)}\n`);
    return;
  }
  terminal.out(
    textTable(
      ["status", "rows"],
      Object.entries(report.rows).map(([name, rows]) => [
        name,
        `${name === "sent" && report.sent_is_estimate ? "about " : ""}${rows}`,
      ]),
    ),
  );
  terminal.out(`\nThe oldest due row waits for ${report.oldest_due_waits_seconds} s.\n\n`);
  terminal.out(
    report.instances.length === 0
      ? "No instance of syncd is running.\n"
      : textTable(
          ["instance", "version", "running since", "last sign of life", "in flight"],
          report.instances.map(({ name, version, startedAt, silentSeconds, inFlight }) => [
            name,
            version,
            startedAt.toISOString(),
            `${Math.round(silentSeconds)} s ago`,
            String(inFlight),
          ]),
        ),
  );
  if (report.open_circuits.length > 0) {
    const open = report.open_circuits.map(({ account, kind, tried_in_seconds: seconds }) => [
      account,
      kind,
      `in ${seconds} s`,
      `select talkme.resume('account:${account}')`,
    ]);
    terminal.out(
      `\n${textTable(["account waits", "because of", "tried with one row", "or at once by"], open)}`,
    );
  }
  if (report.not_sent.length > 0) {
    const groups = report.not_sent.map(({ status: name, errorCode, rows, lastId, example }) => [
      name,
      errorCode ?? "",
      String(rows),
      lastId,
      example ?? "",
    ]);
    terminal.out(`\n${textTable(["not sent", "code", "rows", "last id", "of which"], groups)}`);
  }
}
