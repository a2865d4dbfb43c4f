import type { Child } from "../stage/child.ts";
import { startNode } from "../stage/node-child.ts";

export function startUndiciAlone(apiUrl: string, concurrency: number, count: number): Child {
  const program = new URL("../peers/undici-alone.ts", import.meta.url);
  return startNode(program, [apiUrl, String(concurrency), String(count)], {});
}
