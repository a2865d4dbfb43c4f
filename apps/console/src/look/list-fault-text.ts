import type { Words } from "../language/words.ts";
import type { ListFileFault } from "../list-file/list-file-fault.ts";

/** What is wrong with a file, and where. */
export function listFaultText({ kind, line }: ListFileFault, { texts, formats }: Words): string {
  const { sendList } = texts;
  return `${line === null ? "" : sendList.atLine(formats.number(line))}${sendList.faults[kind]}`;
}
