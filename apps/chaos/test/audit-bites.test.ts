import { expect, test } from "vitest";

import { anySeed } from "../src/arguments.ts";
import type { ChaosReport } from "../src/report.ts";
import { runChaos } from "../src/run-chaos.ts";
import { sendAgainWhatWasLost } from "./support/careless-person.ts";

const timeout = 240_000;
const seed = Number(process.env["CHAOS_SEED"] ?? anySeed());

function violated({ violations }: ChaosReport): ReadonlySet<string> {
  return new Set(violations.map(({ kind }) => kind));
}

test(
  `a daemon that sends again what may have been sent is found out (CHAOS_SEED=${seed})`,
  { timeout },
  async () => {
    const report = await runChaos({ seed, seconds: 8, settings: { TALKME_ON_UNKNOWN: "resend" } });

    expect(violated(report)).toContain("sent_twice");
  },
);

test(
  `a row that is given to another instance while its first request is still on the wire is found out (CHAOS_SEED=${seed})`,
  { timeout },
  async () => {
    const report = await runChaos({ seed, seconds: 12, interfere: sendAgainWhatWasLost });

    expect(violated(report)).toContain("sent_twice");
  },
);
