/** Log collectors split longer lines: Docker at 16 KB, others at 8. */
const mostBytes = 8000;
/** The most that one character takes; it spares measuring most lines. */
const bytesInCharacter = 3;

/** What is kept of long texts and lists; tried in order until the line fits. */
const bounds = [
  { characters: 1000, items: 20 },
  { characters: 200, items: 5 },
  { characters: 60, items: 1 },
] as const;

type Bound = (typeof bounds)[number];

/** Fields that identify the line. */
const essential = new Set(["level", "time", "app", "version", "pid", "msg"]);

/**
 * Shortens a log line to 8 KB, whatever its fields contain. Long lists and texts keep their beginning and the number of
 * items or characters that are missing.
 */
export function boundedLine(line: string): string {
  if (line.length * bytesInCharacter <= mostBytes || Buffer.byteLength(line) <= mostBytes) return line;
  const fields: Record<string, unknown> = JSON.parse(line);
  for (const bound of bounds) {
    const shorter = `${JSON.stringify(shorten(fields, bound))}\n`;
    if (Buffer.byteLength(shorter) <= mostBytes) return shorter;
  }
  const [, , least] = bounds;
  const kept = Object.entries(fields).filter(([name]) => essential.has(name));
  const line_bytes = Buffer.byteLength(line);
  return `${JSON.stringify({ ...Object.fromEntries(kept.map(([name, value]) => [name, shorten(value, least)])), line_bytes })}\n`;
}

function shorten(value: unknown, bound: Bound): unknown {
  if (typeof value === "string") {
    const more = value.length - bound.characters;
    return more > 0
      ? `${value.slice(0, bound.characters).toWellFormed()}… and ${more} characters more`
      : value;
  }
  if (Array.isArray(value)) {
    const kept = value.slice(0, bound.items).map((item) => shorten(item, bound));
    const more = value.length - kept.length;
    return more > 0 ? [...kept, `… and ${more} more`] : kept;
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shorten(item, bound)]));
  }
  return value;
}
