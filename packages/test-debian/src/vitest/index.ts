export { needDebianProgram } from "./need-debian-program.ts";
