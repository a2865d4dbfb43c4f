import { expect, test } from "vitest";

import { describeSnapshot, labelOf, SnapshotWatch } from "./oldest-snapshot.ts";

const slot = {
  kind: "replication_slot",
  pid: null,
  application: "standby",
  xmin: "700",
  ageTransactions: 7,
  openSeconds: null,
} as const;

test("a holder without a known begin counts from when it was first seen", () => {
  const watch = new SnapshotWatch();
  expect(watch.see(slot, 1000)?.openSeconds).toBe(0);
  expect(watch.see(slot, 61_000)?.openSeconds).toBe(60);
  expect(watch.see({ ...slot, application: "another" }, 62_000)?.openSeconds).toBe(0);
  expect(watch.see(null, 63_000)).toBeNull();
  expect(watch.see({ ...slot, application: "another" }, 64_000)?.openSeconds).toBe(0);
});

test("a standby that renews its snapshot keeps none open for long, though it always has the oldest", () => {
  const watch = new SnapshotWatch();
  expect(watch.see(slot, 0)?.openSeconds).toBe(0);
  expect(watch.see({ ...slot, xmin: "800" }, 3_600_000)?.openSeconds).toBe(0);
  expect(watch.see({ ...slot, xmin: "800" }, 3_660_000)?.openSeconds).toBe(60);
});

test("the begin that PostgreSQL reports counts", () => {
  expect(new SnapshotWatch().see({ ...slot, openSeconds: 12.6 }, 0)?.openSeconds).toBe(12.6);
});

test("an application's name brings no number, line break or excessive length into labels and answers", () => {
  expect(labelOf("relatorio 11988887777")).toBe("relatorio #");
  expect(labelOf("relatorio +55 (11) 98888-7777 de ontem")).toBe("relatorio ?# de ontem");
  expect(labelOf("relatorio 11_9888_87777")).toBe("relatorio #");
  expect(labelOf("pg_dump 2026 v15.3")).toBe("pg_dump 2026 v15.3");
  expect(labelOf('psql\n"} 1')).toBe("psql??? 1");
  expect(labelOf("x".repeat(500))).toHaveLength(64);
  expect(describeSnapshot({ ...slot, application: "11988887777", openSeconds: 1.4 })).toEqual({
    kind: "replication_slot",
    pid: null,
    application: "#",
    open_seconds: 1,
    age_transactions: 7,
  });
});
