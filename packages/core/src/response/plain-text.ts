// eslint-disable-next-line no-control-regex -- the range is ASCII
const ascii = /^[\u0000-\u007f]*$/;
/** The accents of Portuguese and its neighbours. A stroke through the letters is none of them. */
const accents = /[\u0300-\u0304\u0308\u0327]/g;

/** Small letters without accents, in whatever normal form they came. */
export function plainText(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : text.normalize("NFD").replace(accents, "").toLowerCase();
}
