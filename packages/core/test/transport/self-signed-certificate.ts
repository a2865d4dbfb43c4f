import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A key and a certificate for 127.0.0.1, or for `dnsName`, that no authority vouches for, made for each run, so that it cannot expire. */
export function selfSignedCertificate(dnsName?: string): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = mkdtempSync(path.join(tmpdir(), "talkme-core-"));
  try {
    const [key, cert] = [path.join(folder, "key.pem"), path.join(folder, "cert.pem")];
    const subject = dnsName === undefined ? "IP:127.0.0.1" : `DNS:${dnsName}`;
    const name = ["-subj", "/CN=127.0.0.1", "-addext", `subjectAltName=${subject}`];
    const files = ["-keyout", key, "-out", cert];
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...name, ...files],
      { stdio: "pipe" },
    );
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
