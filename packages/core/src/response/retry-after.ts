/**
 * The time that a `Retry-After` header asks for, in milliseconds: seconds, or an HTTP date. Undefined when
 * there is none or it cannot be understood; 0 for a date that has passed. Never clamped: it is a floor.
 *
 * @param date the answer's `Date` header: a date is a distance from the server's clock, which need not be ours.
 * @param nowMs our clock, for an answer without `Date`.
 */
export function retryAfterMs(
  value: string | undefined,
  date: string | undefined,
  nowMs: number,
): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, Number.MAX_SAFE_INTEGER);
  const until = httpDate(text);
  return until === undefined ? undefined : Math.max(0, until - (httpDate(date) ?? nowMs));
}

/**
 * All three forms of RFC 9110, section 5.6.7, begin with the day's name; `Date.parse` alone takes almost
 * anything.
 */
function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined;
  // The asctime form has no zone, and is UTC.
  const milliseconds = Date.parse(/gmt$/i.test(text) ? text : `${text} GMT`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
