/** What makes a file no list. */
export type ListFileFaultKind =
  | "empty"
  | "no lines"
  | "no text"
  | "workbook"
  | "too large"
  | "too many columns"
  | "long line"
  | "no file";

/** A file that cannot be read as a list. Holds nothing of what stands in it. */
export class ListFileFault extends Error {
  override readonly name = "ListFileFault";
  readonly kind: ListFileFaultKind;
  /** Where in the file, if anywhere. */
  readonly line: number | null;

  constructor(kind: ListFileFaultKind, line: number | null = null) {
    super(line === null ? kind : `${kind} in line ${line}`);
    this.kind = kind;
    this.line = line;
  }
}
