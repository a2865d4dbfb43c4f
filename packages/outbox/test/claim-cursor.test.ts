import { sql } from "kysely";
import { expect, test } from "vitest";

import { connect } from "./support/connect.ts";
import { TestOutbox, wishFor } from "./support/outbox.ts";
import { settleAndClaim } from "../src/daemon.ts";

test.each(["0", "-15", "3"])(
  "a claim continues behind the last claimed row, to the microsecond, when extra_float_digits is %s",
  async (digits) => {
    const outbox = await TestOutbox.open();
    const [database] = new URL(outbox.url).pathname.slice(1).split("/");
    await sql`alter database ${sql.id(database ?? "")} set extra_float_digits = ${sql.raw(digits)}`.execute(
      outbox.db,
    );
    const db = connect(outbox.url);
    await outbox.register("a");
    const ids = await outbox.insertDue(12);

    const found: (readonly string[])[] = [];
    let after = null;
    for (let i = 0; i < ids.length; i += 1) {
      const { claimed } = await settleAndClaim(db, "a", [], [wishFor({ after, limit: 1 })]);
      found.push(claimed.map(({ id }) => id));
      const [row] = claimed;
      if (row !== undefined) after = { dueAtUs: row.dueAtUs, id: row.id };
    }
    await db.destroy();

    expect(found).toEqual(ids.map((id) => [id]));
  },
);
