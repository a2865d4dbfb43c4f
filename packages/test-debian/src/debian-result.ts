/** A usable program, or another file of a package, such as a library to preload. */
export interface DebianProgram {
  /** Its absolute path. */
  readonly path: string;
  /** Further environment variables: `LD_LIBRARY_PATH` if libraries were unpacked for it. */
  readonly env: Readonly<Record<string, string>>;
}

export type DebianResult =
  | ({ readonly kind: "found" } & DebianProgram)
  /** It is not available now; `reason` is a sentence for people. */
  | { readonly kind: "unavailable"; readonly reason: string };
