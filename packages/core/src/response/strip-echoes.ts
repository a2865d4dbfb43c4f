const word = /[^\s"'<>|]+/g;
const url = /[a-z][a-z0-9+.-]{0,20}:\/\//i;
const script = /[\w./-]{0,64}dbdial_webapi\.php/i;
const pair = /[\w[\]%.-]{1,64}=/;
const ownPair = /\b(?:acao|id_cliente|token|num(?:ero)?_dest|email_dest|id_wpp|id_campanha|txtmsg|assunto)=/i;

/** Replaces an echo: a character that no answer contains. */
export const echoMark = "\uE000";

/**
 * Replaces URLs and query strings in a text. The API may echo the request, whose token or message may spell `erro` without
 * being the API's verdict.
 *
 * @param mark The replacement.
 */
export function stripEchoes(text: string, mark = " "): string {
  if (!text.includes("://") && !text.includes("=") && !text.includes(".php")) return text;
  return text.replace(word, (candidate) => {
    const starts = [url, script, ownPair, ...(candidate.includes("&") ? [pair] : [])]
      .map((pattern) => candidate.search(pattern))
      .filter((index) => index >= 0);
    return starts.length === 0 ? candidate : `${candidate.slice(0, Math.min(...starts))}${mark}`;
  });
}
