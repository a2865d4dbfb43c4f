const days = new Set("mon tue wed thu fri sat sun seg ter qua qui sex sab dom".split(" "));

const part =
  /^\s*(?<from>[a-z]{3})(?:\s*-\s*(?<to>[a-z]{3}))?\s+(?<opensAt>\d{1,2})(?::(?<opensPast>\d\d))?\s*-\s*(?<closesAt>\d{1,2})(?::(?<closesPast>\d\d))?\s*$/;

/**
 * Finds the first invalid part of a text such as `mon-fri 9:00-19:00, sat 9:00-13:00`; null if all are valid. The
 * grammar is that of talkme.parse_sending_window; a test compares the two.
 */
export function findWindowFault(text: string): string | null {
  const fault = text
    .toLowerCase()
    .split(",")
    // As there: an empty part after a comma is allowed, an empty text is not.
    .find((each, i) => !isWindow(each) && !(each === "" && i > 0));
  return fault?.trim() ?? null;
}

function isWindow(text: string): boolean {
  const found = part.exec(text)?.groups;
  if (found === undefined) return false;
  const { from = "", to = from, opensAt, opensPast = "0", closesAt, closesPast = "0" } = found;
  const opens = Number(opensAt) * 60 + Number(opensPast);
  const closes = Number(closesAt) * 60 + Number(closesPast);
  return (
    days.has(from) &&
    days.has(to) &&
    Number(opensPast) <= 59 &&
    Number(closesPast) <= 59 &&
    closes <= 24 * 60 &&
    opens < closes
  );
}
