import { EventEmitter } from "node:events";

/** What an operator asks of a running daemon. */
export class Controls extends EventEmitter<{ reload: []; toggleDebug: [] }> {}
