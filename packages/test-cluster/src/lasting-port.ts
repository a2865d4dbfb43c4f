import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { randomInt } from "node:crypto";

const range = 10_000;
const usualLowest = 32_768;
const tries = 100;

/**
 * A free port of the loopback interface that stays free while its server is down: no outgoing connection is given it.
 */
export async function findLastingPort(): Promise<number> {
  const outgoing = await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8").catch(() => "");
  const lowest = Number.parseInt(outgoing, 10) || usualLowest;
  for (let left = tries; left > 0; left -= 1) {
    const port = randomInt(lowest - range, lowest);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port below ${lowest} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
