import { connect } from "node:net";
import { defaultIdCliente, defaultToken } from "../src/index.ts";

interface RawExchange {
  /** Every byte that came back, as Latin-1. */
  readonly received: string;
  /** How the connection ended: FIN, or the code of the error. */
  readonly end: "FIN" | (string & {});
  /** In how many pieces the bytes came. */
  readonly chunks: number;
}

/** A valid method 1 request, byte by byte. */
export const rawRequest =
  `GET /dbdial_webapi.php?acao=insere_whats_simples&id_cliente=${defaultIdCliente}&token=${defaultToken}` +
  "&num_dest=11988887777&id_campanha=5 HTTP/1.1\r\nHost: simulator\r\n\r\n";

/** Writes these bytes to a socket and reads until it ends: what HTTP clients hide. */
export function exchange(port: number, bytes: string): Promise<RawExchange> {
  const { promise, resolve } = Promise.withResolvers<RawExchange>();
  let received = "";
  let chunks = 0;
  const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    received += chunk;
    chunks++;
  });
  socket.once("end", () => resolve({ received, end: "FIN", chunks }));
  socket.once("error", (error: NodeJS.ErrnoException) =>
    resolve({ received, end: error.code ?? error.message, chunks }),
  );
  return promise;
}
