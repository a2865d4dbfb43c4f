/**
 * The wait of a `Retry-After` header (seconds or an HTTP date) in milliseconds. Undefined if it is absent or invalid; 0 for
 * a past date. Never clamped: it is a floor.
 *
 * @param date The answer's `Date` header, because a date counts from the server's clock.
 * @param nowMs The local clock, for an answer without `Date`.
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
 * All three date forms of RFC 9110, section 5.6.7, begin with the day's name; `Date.parse` alone accepts almost anything.
 */
function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined;
  // The asctime form has no zone, and is UTC.
  const milliseconds = Date.parse(/gmt$/i.test(text) ? text : `${text} GMT`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
