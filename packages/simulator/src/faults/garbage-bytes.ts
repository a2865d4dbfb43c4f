import { draw } from "./draw.ts";

/** A NUL, which PostgreSQL's text and jsonb refuse, and two bytes that are never UTF-8. */
const worstBytes = [0x00, 0xff, 0xfe];

/** Bytes that are not text; the same for the same seed. */
export function garbageBytes(length: number, seed: number): Buffer {
  const buffer = Buffer.alloc(length);
  for (let index = 0; index < length; index++) {
    buffer[index] = worstBytes[index] ?? Math.floor(draw(seed, String(index)) * 256);
  }
  return buffer;
}
