export { needDebianProgram } from "./need-debian-program.ts";
export { runPsql } from "./run-psql.ts";
