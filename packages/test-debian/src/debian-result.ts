/** A program, or another file of a package such as a library to preload, that can be used as it is. */
export interface DebianProgram {
  /** Its absolute path. */
  readonly path: string;
  /** What its environment needs beside the caller's: `LD_LIBRARY_PATH` where libraries were unpacked for it. */
  readonly env: Readonly<Record<string, string>>;
}

export type DebianResult =
  | ({ readonly kind: "found" } & DebianProgram)
  /** It cannot be had on this machine, or not now; `reason` is a sentence for people. */
  | { readonly kind: "unavailable"; readonly reason: string };
