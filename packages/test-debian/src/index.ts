export { cacheFolders } from "./cache-folders.ts";
export { debianProgram } from "./debian-program.ts";
export type { DebianProgram, DebianResult } from "./debian-result.ts";
export { debianPythonProgram, type PythonProgram } from "./python-program.ts";
export { unpackedProgram } from "./unpacked-program.ts";
