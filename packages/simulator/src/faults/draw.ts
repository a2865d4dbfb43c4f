/**
 * A number in [0, 1) that depends only on the seed and the key, so that every run hits the same attempts of the same
 * messages, in whatever order concurrent requests arrive.
 */
export function draw(seed: number, key: string): number {
  // FNV-1a, then the finalizer of MurmurHash3: FNV alone gives keys that differ in the last digit similar values.
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}
