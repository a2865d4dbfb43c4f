export { debianProgram } from "./debian-program.ts";
export type { DebianProgram, DebianResult } from "./debian-result.ts";
