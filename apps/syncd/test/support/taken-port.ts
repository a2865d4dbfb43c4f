import { once } from "node:events";
import { createServer } from "node:http";
import { onTestFinished } from "vitest";

/** A port of this machine that is taken for the length of the test. */
export async function takenPort(): Promise<string> {
  const other = createServer((_, response) => response.end("hello"));
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const address = other.address();
  return String(typeof address === "object" ? address?.port : 0);
}
