// eslint-disable-next-line no-control-regex -- the range is ASCII
const ascii = /^[\u0000-\u007f]*$/;
/** The accents of Portuguese and its neighbours; not a stroke through letters. */
const accents = /[\u0300-\u0304\u0308\u0327]/g;

/** Lower case without accents, from any normal form. */
export function plainText(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : text.normalize("NFD").replace(accents, "").toLowerCase();
}
