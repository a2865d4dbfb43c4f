import { expect, test } from "vitest";

import { anySeed } from "../src/arguments.ts";
import { runChaos, type ChaosOptions } from "../src/run-chaos.ts";
import { sendAgainWhatWasLost } from "./support/careless-person.ts";

const timeout = 240_000;
const seed = Number(process.env["CHAOS_SEED"] ?? anySeed());
/** Needs a request that the API accepted just as its instance was disturbed; nearly every run has one. */
const runs = 3;

async function violationsOf(options: Omit<ChaosOptions, "seed">): Promise<ReadonlySet<string>> {
  const kinds = new Set<string>();
  for (let run = 0; run < runs && !kinds.has("sent_twice"); run++) {
    const { violations } = await runChaos({ ...options, seed: seed + run });
    for (const { kind } of violations) kinds.add(kind);
  }
  return kinds;
}

test(
  `the audit detects a daemon that resends a possibly sent row (CHAOS_SEED=${seed})`,
  { timeout },
  async () => {
    const violations = await violationsOf({ seconds: 8, settings: { TALKME_ON_UNKNOWN: "resend" } });

    expect(violations).toContain("sent_twice");
  },
);

test(
  `the audit detects a row given to another instance while its first request is on the wire (CHAOS_SEED=${seed})`,
  { timeout },
  async () => {
    const violations = await violationsOf({ seconds: 12, interfere: sendAgainWhatWasLost });

    expect(violations).toContain("sent_twice");
  },
);
