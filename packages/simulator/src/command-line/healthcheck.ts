import { adminPrefix } from "../server/admin-handler.ts";

const timeoutMs = 3000;

/** Null if the simulator at this base URL is up, else a sentence that says what is wrong. */
export async function healthProblem(baseUrl: string): Promise<string | null> {
  try {
    const response = await fetch(new URL(`${adminPrefix}health`, baseUrl), {
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.ok ? null : `${baseUrl} answers ${response.status}: that is no simulator`;
  } catch (error) {
    return `no simulator answers at ${baseUrl}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
