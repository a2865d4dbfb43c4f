import { adminPrefix } from "../server/admin-handler.ts";

const timeoutMs = 3000;

/** Null if a simulator runs at this base URL, otherwise a sentence with the problem. */
export async function healthProblem(baseUrl: string): Promise<string | null> {
  try {
    const response = await fetch(new URL(`${adminPrefix}health`, baseUrl), {
      signal: AbortSignal.timeout(timeoutMs),
    });
    return response.ok ? null : `${baseUrl} answers ${response.status}: which no simulator does`;
  } catch (error) {
    return `no simulator answers at ${baseUrl}: ${error instanceof Error ? error.message : String(error)}`;
  }
}
