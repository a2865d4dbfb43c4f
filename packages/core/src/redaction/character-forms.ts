const htmlNames: Partial<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
  "+": "plus",
  "/": "sol",
  "=": "equals",
  _: "lowbar",
  ".": "period",
  ":": "colon",
  "!": "excl",
  "#": "num",
  $: "dollar",
  "%": "percnt",
  "*": "ast",
  ",": "comma",
  ";": "semi",
  "?": "quest",
  "@": "commat",
};

/**
 * The source of a regular expression for one character in every encoded form. Limits the number of backslashes, because a
 * long run of them would be scanned again from each.
 */
export function characterForms(character: string): string {
  const bytes = Array.from(Buffer.from(character, "utf8"), (byte) => byte.toString(16).padStart(2, "0"));
  const units = Array.from({ length: character.length }, (_, index) =>
    character.charCodeAt(index).toString(16).padStart(4, "0"),
  );
  const codePoint = character.codePointAt(0) ?? 0;
  const own = eitherCase(character);
  const entities = [`#0*${codePoint}`, `#[xX]0*${anyCase(codePoint.toString(16))}`];
  const htmlName = htmlNames[character];
  if (htmlName !== undefined) entities.push(htmlName);
  const escaped = [
    String.raw`\\{1,4}${own}`,
    bytes.map((byte) => `%(?:25)*${anyCase(byte)}`).join(""),
    units.map((unit) => String.raw`\\{1,4}u(?:\{0*)?${anyCase(unit)}\}?`).join(""),
    bytes.map((byte) => String.raw`(?:\\{1,4}x|=)${anyCase(byte)}`).join(""),
    `&(?:${entities.join("|")});?`,
  ];
  // Most characters begin no escape; one look excludes them.
  const forms = [own, String.raw`(?=[\\%&=])(?:${escaped.join("|")})`];
  if (character === " ") forms.push(String.raw`\+`);
  return `(?:${forms.join("|")})`;
}

/** A server that changes the case of everything still reveals it. */
function eitherCase(character: string): string {
  const [small, large] = [character.toLowerCase(), character.toUpperCase()];
  const isOne = small.length === character.length && large.length === character.length;
  return small === large || !isOne ? literal(character) : `[${literal(small)}${literal(large)}]`;
}

export function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
