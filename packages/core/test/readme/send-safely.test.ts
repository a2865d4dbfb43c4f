import { readFileSync } from "node:fs";

import { TalkmeClient } from "@talkme/core";
import { startSimulator, type Fault, type Simulator } from "@talkme/simulator";
import { expect, test } from "vitest";

import { message } from "../transport/failed-call.ts";
import { sendSafely } from "./send-safely.ts";

const clientOf = (simulator: Simulator): TalkmeClient =>
  new TalkmeClient({ idCliente: 123, token: "simulator-token", baseUrl: simulator.url });

const failing = (fault: Fault, first = 1): Promise<Simulator> =>
  startSimulator({ faults: [{ match: { first }, do: fault }] });

test("the README's loop is the one that is tried here", () => {
  const page = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const source = readFileSync(new URL("send-safely.ts", import.meta.url), "utf8");
  expect(page).toContain(`\`\`\`ts\n${source}\`\`\``);
});

test("the README's loop sends again what was provably not sent, and one message arrives", async () => {
  await using simulator = await failing({ kind: "status", status: 503 });
  await using client = clientOf(simulator);
  await sendSafely(client, message);
  expect(simulator.requests).toBe(2);
  expect(simulator.ledger.duplicates()).toEqual([]);
  expect(simulator.ledger.size).toBe(1);
});

test("the README's loop never sends again what may have been sent", async () => {
  await using simulator = await failing({ kind: "drop", when: "after" });
  await using client = clientOf(simulator);
  await expect(sendSafely(client, message)).rejects.toMatchObject({ outcome: "unknown" });
  expect(simulator.requests).toBe(1);
});

test("the README's loop never sends again what was refused, and gives up after its tries", async () => {
  await using refusing = await failing({ kind: "failure", shape: "json-error" });
  await using client = clientOf(refusing);
  await expect(sendSafely(client, message)).rejects.toMatchObject({ outcome: "rejected" });
  expect(refusing.requests).toBe(1);

  await using busy = await failing({ kind: "status", status: 503 }, 9);
  await using other = clientOf(busy);
  await expect(sendSafely(other, message, 2)).rejects.toMatchObject({ outcome: "not_sent" });
  expect(busy.requests).toBe(2);
});
