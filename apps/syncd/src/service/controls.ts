import { EventEmitter } from "node:events";

/** An operator's requests to a running daemon. */
export class Controls extends EventEmitter<{ reload: []; toggleDebug: [] }> {}
