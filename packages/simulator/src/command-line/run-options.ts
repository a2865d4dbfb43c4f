import type { OptionValues } from "commander";
import { z } from "zod";
import { defaultIdCliente, defaultToken } from "../api/accounts.ts";
import { successShapes } from "../api/success-shape.ts";
import type { FaultRule } from "../faults/fault-rule.ts";
import type { SimulatorOptions } from "../server/simulator-options.ts";
import { readFaultFile } from "./fault-file.ts";
import type { Terminal } from "./terminal.ts";

/** Commander's parsed options with defaults. */
const runOptionsSchema = z.object({
  port: z.number(),
  host: z.string(),
  idCliente: z.string().optional(),
  token: z.string().optional(),
  faults: z.string().optional(),
  seed: z.number(),
  latencyMs: z.number(),
  campaign: z.array(z.object({ idCampanha: z.number(), requiredVariables: z.array(z.string()) })).default([]),
  lockAfter: z.number(),
  successShape: z.enum(successShapes),
  idleSocketTimeoutMs: z.number().optional(),
  ledger: z.boolean(),
  quiet: z.boolean().default(false),
});

/**
 * The simulator's options from the command line.
 *
 * @throws {UsageError} if the file of fault rules cannot be used.
 */
export async function readRunOptions(
  values: OptionValues,
  env: Terminal["env"],
): Promise<{ simulator: SimulatorOptions; quiet: boolean }> {
  const options = runOptionsSchema.parse(values);
  // Compose passes an absent variable as an empty one.
  const account = {
    idCliente: options.idCliente ?? (env["TALKME_ID_CLIENTE"] || defaultIdCliente),
    token: options.token ?? (env["TALKME_TOKEN"] || defaultToken),
  };
  const latency: FaultRule[] =
    options.latencyMs > 0 ? [{ do: { kind: "latency", ms: options.latencyMs } }] : [];
  const faults = options.faults === undefined ? [] : await readFaultFile(options.faults);
  return {
    quiet: options.quiet,
    simulator: {
      host: options.host,
      port: options.port,
      accounts: [account],
      faults: [...latency, ...faults],
      seed: options.seed,
      campaigns: options.campaign,
      lockAfterConsecutiveNotFound: options.lockAfter,
      keepLedger: options.ledger,
      successShape: options.successShape,
      ...(options.idleSocketTimeoutMs !== undefined && { idleSocketTimeoutMs: options.idleSocketTimeoutMs }),
    },
  };
}
