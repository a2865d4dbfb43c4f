import { expect, test } from "vitest";

import { describeSnapshot, labelOf, SnapshotWatch } from "./oldest-snapshot.ts";

const slot = {
  kind: "replication_slot",
  pid: null,
  application: "standby",
  xmin: "700",
  ageTransactions: 7,
  heldSeconds: null,
} as const;

test("of a holder that cannot be asked it is counted since when he was seen", () => {
  const watch = new SnapshotWatch();
  expect(watch.see(slot, 1000)?.heldSeconds).toBe(0);
  expect(watch.see(slot, 61_000)?.heldSeconds).toBe(60);
  expect(watch.see({ ...slot, application: "another" }, 62_000)?.heldSeconds).toBe(0);
  expect(watch.see(null, 63_000)).toBeNull();
  expect(watch.see({ ...slot, application: "another" }, 64_000)?.heldSeconds).toBe(0);
});

test("a standby that takes newer snapshots holds none for long, though it holds the oldest all the time", () => {
  const watch = new SnapshotWatch();
  expect(watch.see(slot, 0)?.heldSeconds).toBe(0);
  expect(watch.see({ ...slot, xmin: "800" }, 3_600_000)?.heldSeconds).toBe(0);
  expect(watch.see({ ...slot, xmin: "800" }, 3_660_000)?.heldSeconds).toBe(60);
});

test("what PostgreSQL tells of the begin counts", () => {
  expect(new SnapshotWatch().see({ ...slot, heldSeconds: 12.6 }, 0)?.heldSeconds).toBe(12.6);
});

test("a name that somebody has chosen brings no number, no line break and no length into labels and answers", () => {
  expect(labelOf("relatorio 11988887777")).toBe("relatorio #");
  expect(labelOf("relatorio +55 (11) 98888-7777 de ontem")).toBe("relatorio ?# de ontem");
  expect(labelOf("relatorio 11_9888_87777")).toBe("relatorio #");
  expect(labelOf("pg_dump 2026 v15.3")).toBe("pg_dump 2026 v15.3");
  expect(labelOf('psql\n"} 1')).toBe("psql??? 1");
  expect(labelOf("x".repeat(500))).toHaveLength(64);
  expect(describeSnapshot({ ...slot, application: "11988887777", heldSeconds: 1.4 })).toEqual({
    kind: "replication_slot",
    pid: null,
    application: "#",
    held_seconds: 1,
    age_transactions: 7,
  });
});
