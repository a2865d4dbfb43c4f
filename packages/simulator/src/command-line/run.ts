import type { OptionValues } from "commander";
import { defaultToken } from "../api/accounts.ts";
import { startSimulator } from "../server/simulator.ts";
import { requestLine } from "./request-line.ts";
import { readRunOptions } from "./run-options.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs a simulator until the terminal's signal stops it.
 *
 * @throws {UsageError} if the file of fault rules cannot be used; Node's error if it cannot listen on the port.
 */
export async function run(values: OptionValues, terminal: Terminal): Promise<void> {
  const { simulator: options, quiet } = await readRunOptions(values, terminal.env);
  await using simulator = await startSimulator({
    ...options,
    ...(!quiet && { onRequest: (request) => terminal.print(requestLine(request)) }),
  });
  terminal.print(`simulator of api.talk.me at ${simulator.url}`);
  for (const { idCliente, token } of options.accounts ?? []) {
    terminal.print(`id_cliente=${idCliente} token=${token === defaultToken ? token : "(the one you gave)"}`);
  }
  await stopped(terminal.stop);
  terminal.print(`stopped after ${simulator.requests} requests, ${simulator.ledger.size} accepted`);
}

function stopped(stop: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (stop.aborted) resolve();
  else stop.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
