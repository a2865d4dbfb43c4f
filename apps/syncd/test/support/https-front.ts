import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";

import { onTestFinished } from "vitest";

/** TLS in front of an API, with a certificate of an authority that only its file's readers trust. */
export interface HttpsFront {
  readonly url: string;
  readonly port: number;
  /** The path of the authority's certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly authority: string;
}

/** Starts one for `localhost`; it ends with the test. */
export async function startHttpsFront(api: string): Promise<HttpsFront> {
  const { hostname, port: apiPort } = new URL(api);
  const folder = mkdtempSync(join(tmpdir(), "talkme-https-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, authority] = [join(folder, "key.pem"), join(folder, "authority.pem")];
  const name = ["-subj", "/CN=A company", "-addext", "subjectAltName=DNS:localhost"];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  execFileSync("openssl", ["req", "-x509", ...kind, ...name, "-keyout", key, "-out", authority], {
    stdio: "pipe",
  });
  const sockets = new Set<Socket>();
  const server = createServer({ key: readFileSync(key), cert: readFileSync(authority) }, (socket) => {
    sockets.add(socket);
    const behind = connect(Number(apiPort), hostname);
    socket.pipe(behind).pipe(socket);
    socket.on("error", () => behind.destroy()).on("close", () => sockets.delete(socket) && behind.destroy());
    behind.on("error", () => socket.destroy()).on("close", () => socket.destroy());
  });
  server.on("tlsClientError", () => "The client refuses the certificate.").listen(0, "localhost");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return { url: `https://localhost:${port}`, port, authority };
}
