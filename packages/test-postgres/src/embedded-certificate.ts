import { join } from "node:path";

import { runFor, type Cluster } from "./embedded-cluster.ts";

/** Makes a key and a certificate, and returns the settings that use them. Needs the program openssl. */
export async function makeCertificate(cluster: Cluster): Promise<Readonly<Record<string, string>>> {
  const [key, certificate] = [join(cluster.home, "key.pem"), join(cluster.home, "certificate.pem")];
  const algorithm = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const name = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const files = ["-keyout", key, "-out", certificate];
  await runFor(cluster, "openssl", ["req", "-x509", ...algorithm, ...name, ...files]);
  return { ssl: "on", ssl_key_file: key, ssl_cert_file: certificate };
}
