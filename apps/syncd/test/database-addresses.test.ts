import dns from "node:dns";
import { once } from "node:events";
import { connect, createServer } from "node:net";

import { findFreePort } from "@talkme/test-postgres";
import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";

import { unansweredAddress } from "../../../packages/core/test/transport/unanswered-address.ts";
import { Database } from "../src/database/database.ts";
import { AnyAddressClient } from "../src/database/any-address-client.ts";

const name = "several.test";

/** Makes the resolver know that name; others resolve as before. */
function resolve(...addresses: readonly string[]): void {
  const original = dns.lookup;
  const all = addresses.map((address) => ({ address, family: 4 }));
  const fake = (host: string, options: object, done: (error: null, found: typeof all) => void): void => {
    if (host === name) done(null, all);
    else Reflect.apply(original, dns, [host, options, done]);
  };
  Reflect.set(dns, "lookup", fake);
  onTestFinished(() => void Reflect.set(dns, "lookup", original));
}

/** The test's database under another name, at a port where 127.0.0.1 reaches it. */
async function openProxied(): Promise<{ readonly url: string; readonly port: number }> {
  const database = await cloneDatabase();
  onTestFinished(() => database.drop());
  const { hostname, port: targetPort } = new URL(database.url);
  const port = await findFreePort();
  const proxy = createServer((client) => {
    const server = connect(Number(targetPort), hostname);
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on("error", () => client.destroy());
  }).listen(port, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => void proxy.close());
  const url = new URL(database.url);
  url.hostname = name;
  url.port = String(port);
  return { url: url.href, port };
}

test.each([
  ["first", ["127.0.0.2", "127.0.0.1"]],
  ["last", ["127.0.0.1", "127.0.0.2"]],
])(
  "the database is reached within a second by a name whose %s address does not answer",
  async (_which, addresses) => {
    const { url, port } = await openProxied();
    await unansweredAddress("127.0.0.2", port);
    resolve(...addresses);
    const database = new Database(url, () => {}, { connectMs: 900, statementMs: 15_000 });
    onTestFinished(() => database.close());
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(database.kysely);
    expect(rows).toEqual([{ one: 1 }]);
  },
);

test("an address that takes a second to connect is not given up for one that does not answer", async () => {
  const refusal = "SFATAL\0C57P03\0Mslow, but there\0\0";
  const answer = `E\0\0\0${String.fromCodePoint(4 + refusal.length)}${refusal}`;
  const port = await unansweredAddress("127.0.0.4", 0, 900, answer);
  await unansweredAddress("127.0.0.2", port);
  for (const addresses of [
    ["127.0.0.2", "127.0.0.4"],
    ["127.0.0.4", "127.0.0.2"],
  ]) {
    resolve(...addresses);
    const client = new AnyAddressClient({ host: name, port, user: "nobody", connectionTimeoutMillis: 2500 });
    client.on("error", () => "It refuses.");
    const error = await client.connect().catch((caught: unknown) => caught);
    expect(String(error)).toContain("slow, but there");
  }
});

test("when none answers, the error names each address and how long it was waited for", async () => {
  const port = await unansweredAddress("127.0.0.2");
  await unansweredAddress("127.0.0.3", port);
  resolve("127.0.0.2", "127.0.0.3");
  const client = new AnyAddressClient({ host: name, port, connectionTimeoutMillis: 600 });
  const error = await client.connect().catch((caught: unknown) => caught);
  expect(String(error)).toMatch(/within \d+ ms .*127\.0\.0\.2.*no answer.*127\.0\.0\.3.*no answer/);
});

test("a connection that is ended while it is opened is not left open", async () => {
  const { url } = await openProxied();
  resolve("127.0.0.1");
  const client = new AnyAddressClient({ connectionString: url });
  const connecting = client.connect();
  await Promise.all([expect(connecting).rejects.toThrow("ended"), client.end()]);
});
