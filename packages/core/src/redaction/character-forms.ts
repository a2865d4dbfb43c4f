const htmlNames: Partial<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
};

/**
 * The source of a regular expression for one character in each of the forms that an encoder may give it.
 * Backslashes are counted only so far, because a long run of them would be walked again from each.
 */
export function characterForms(character: string): string {
  const bytes = Array.from(Buffer.from(character, "utf8"), (byte) => byte.toString(16).padStart(2, "0"));
  const units = Array.from({ length: character.length }, (_, index) =>
    character.charCodeAt(index).toString(16).padStart(4, "0"),
  );
  const codePoint = character.codePointAt(0) ?? 0;
  const forms = [
    String.raw`\\{0,4}${literal(character)}`,
    bytes.map((byte) => `%(?:25)*${anyCase(byte)}`).join(""),
    units.map((unit) => String.raw`\\{1,4}u${anyCase(unit)}`).join(""),
    `&#0*${codePoint};?`,
    `&#[xX]0*${anyCase(codePoint.toString(16))};?`,
  ];
  const htmlName = htmlNames[character];
  if (htmlName !== undefined) forms.push(`&${htmlName};?`);
  if (character === " ") forms.push(String.raw`\+`);
  return `(?:${forms.join("|")})`;
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
