import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

import { Busboy } from "@fastify/busboy";

import { ListFileFault } from "../list-file/list-file-fault.ts";

/** 50 MB, as a spreadsheet of 200,000 lines and many columns has. */
const largestFile = 50 * 1024 * 1024;

/** A file that somebody has sent, on this machine's disk until it is removed. */
export interface Upload {
  readonly path: string;
  /** As the person's machine calls it, without folders. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256, in hexadecimal. */
  readonly contentHash: string;
  readonly remove: () => Promise<void>;
}

/**
 * Writes the file of a form to the disk while it comes in: memory does not grow with it.
 *
 * @throws {ListFileFault} where the form has no file, or one that is too large.
 */
export async function receiveUpload({ body, headers }: Request): Promise<Upload> {
  const contentType = headers.get("content-type") ?? "";
  if (body === null || !contentType.startsWith("multipart/form-data")) throw new ListFileFault("no file");
  const folder = await mkdtemp(join(tmpdir(), "talkme-console-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, "list");
    const form = new Busboy({
      headers: { "content-type": contentType },
      limits: { files: 1, fileSize: largestFile, fields: 10, parts: 12 },
    });
    let written: Promise<Omit<Upload, "path" | "remove">> | null = null;
    form.on("file", (_field, file, name) => {
      written = write(file, path, basename(name.replaceAll("\\", "/")).trim());
      // Looked at below; an aborted request may fail before.
      written.catch(() => "failed");
    });
    await pipeline(Readable.fromWeb(body), form);
    const file = await (written as Promise<Omit<Upload, "path" | "remove">> | null);
    if (file === null || file.name === "") throw new ListFileFault("no file");
    return { path, remove, ...file };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function write(
  file: Readable & { truncated?: boolean },
  path: string,
  name: string,
): Promise<Omit<Upload, "path" | "remove">> {
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(file, counted, createWriteStream(path, { mode: 0o600 }));
  if (file.truncated === true) throw new ListFileFault("too large");
  return { name: name.slice(0, 200), bytes, contentHash: hash.digest("hex") };
}
