/** The `code` that Node and the drivers put on their errors, such as ECONNREFUSED or 42P01; null where there is none. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
