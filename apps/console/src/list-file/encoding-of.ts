import { createReadStream } from "node:fs";

import { ListFileFault } from "./list-file-fault.ts";

/** As `TextDecoder` names them. */
export type Encoding = "utf-8" | "windows-1252" | "utf-16le" | "utf-16be";

const workbooks: readonly (readonly number[])[] = [
  // A zip, which every .xlsx and .ods is.
  [0x50, 0x4b],
  // The older .xls.
  [0xd0, 0xcf, 0x11, 0xe0],
];

/**
 * Reads the whole file once: what is UTF-8 from the first byte to the last is UTF-8, and everything else is what Windows writes in
 * Brazil, unless it says otherwise in its first bytes.
 *
 * @throws {ListFileFault} for a workbook, an empty file, and one that is no text.
 */
export async function encodingOf(path: string): Promise<Encoding> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let encoding: Encoding = "utf-8";
  let isFirst = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (isFirst) {
      const marked = markedEncoding(chunk);
      if (marked !== null) return marked;
      isFirst = false;
    }
    if (chunk.includes(0)) throw new ListFileFault("no text");
    if (encoding === "utf-8" && !isUtf8(decoder, chunk)) encoding = "windows-1252";
  }
  if (isFirst) throw new ListFileFault("empty");
  if (encoding === "utf-8" && !isUtf8(decoder)) encoding = "windows-1252";
  return encoding;
}

/** What the first bytes say; null: nothing. */
function markedEncoding(chunk: Buffer): Encoding | null {
  if (workbooks.some((mark) => mark.every((byte, i) => chunk[i] === byte)))
    throw new ListFileFault("workbook");
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return "utf-16le";
  return chunk[0] === 0xfe && chunk[1] === 0xff ? "utf-16be" : null;
}

/** Of the next chunk, or of the end: a character may be cut in two. */
function isUtf8(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): boolean {
  try {
    if (chunk === undefined) decoder.decode();
    else decoder.decode(chunk, { stream: true });
    return true;
  } catch {
    return false;
  }
}
