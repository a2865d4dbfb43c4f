import { createReadStream } from "node:fs";
import { pipeline, Readable } from "node:stream";

import { CsvError, parse, type Info } from "csv-parse";

import { encodingOf, type Encoding } from "./encoding-of.ts";
import { ListFileFault } from "./list-file-fault.ts";
import { separatorOf, type Separator } from "./separator-of.ts";

const mostColumns = 100;
/** A line that is longer has lost its end: a quotation mark that nobody closed, or a file that is no list. */
const longestLine = 64 * 1024;

/** How a file is written. */
export interface ListFileForm {
  readonly encoding: Encoding;
  readonly separator: Separator;
  readonly columns: readonly string[];
}

export interface ListFileLine {
  /** In the file, where the line begins; headings are line 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

interface PlacedLine extends ListFileLine {
  /** How much of the file has been read with it, from 0 to 1; about, where characters have several bytes. */
  readonly share: number;
}

/** Of the file, however it is written; the bytes are those of UTF-8. */
interface RawLine extends ListFileLine {
  readonly bytesRead: number;
}

interface ParsedLine {
  readonly record: readonly string[];
  readonly info: Info;
}

/**
 * Finds out how a file is written: encoding, separator, headings.
 *
 * @throws {ListFileFault}
 */
export async function readForm(path: string): Promise<ListFileForm> {
  const encoding = await encodingOf(path);
  const separator = separatorOf(await readHeading(path, encoding));
  for await (const { cells } of parseLines(path, encoding, separator)) {
    const columns = cells.map((cell, i) => (cell.trim() === "" ? `#${i + 1}` : cell.trim()));
    if (columns.length > mostColumns) throw new ListFileFault("too many columns");
    return { encoding, separator, columns };
  }
  throw new ListFileFault("empty");
}

/**
 * The lines of a file, without that of its headings and without empty ones, a few at a time: memory does not grow with the file.
 *
 * @param bytes The size of the file.
 * @throws {ListFileFault}
 */
export async function* readLines(
  path: string,
  { encoding, separator, columns }: ListFileForm,
  bytes: number,
): AsyncGenerator<PlacedLine> {
  let isHeading = true;
  let isEmpty = true;
  for await (const line of parseLines(path, encoding, separator)) {
    if (isHeading) {
      isHeading = false;
      continue;
    }
    if (line.cells.slice(columns.length).some((cell) => cell.trim() !== ""))
      throw new ListFileFault("too many columns", line.line);
    isEmpty = false;
    yield {
      line: line.line,
      cells: line.cells.slice(0, columns.length),
      share: Math.min(line.bytesRead / bytes, 1),
    };
  }
  if (isEmpty) throw new ListFileFault("no lines");
}

async function* parseLines(path: string, encoding: Encoding, separator: Separator): AsyncGenerator<RawLine> {
  const parser = parse({
    delimiter: separator,
    bom: true,
    info: true,
    relax_column_count: true,
    // 5" screens, and names in quotation marks that were not doubled.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestLine,
  });
  const failed = pipeline(decoded(path, encoding), parser, () => "The parser raises what went wrong.");
  let linesBefore = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<ParsedLine>) {
      const line = linesBefore + 1;
      linesBefore = info.lines;
      if (record.some((cell) => cell.trim() !== "")) yield { line, cells: record, bytesRead: info.bytes };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ListFileFault("long line", linesBefore + 1);
    throw error;
  } finally {
    failed.destroy();
  }
}

/** The first line, or what there is of it within the longest that a line may be. */
async function readHeading(path: string, encoding: Encoding): Promise<string> {
  let text = "";
  for await (const part of decoded(path, encoding) as AsyncIterable<string>) {
    text += part;
    const [heading = "", ...others] = text.replace(/^\uFEFF?(?:[^\S\n]*\n)*/, "").split(/\r?\n|\r/);
    if (others.length > 0) return heading;
    if (text.length > longestLine) throw new ListFileFault("long line", 1);
  }
  return text;
}

function decoded(path: string, encoding: Encoding): Readable {
  const bytes = Readable.toWeb(createReadStream(path));
  return Readable.fromWeb(bytes.pipeThrough(new TextDecoderStream(encoding)));
}
