import { jsonReply, notFoundWords, textReply, wrongParameterWords, type Reply } from "./reply.ts";

/** How the sibling scripts report failure. Only the first has an error status. */
export const failureShapes = [
  "not-found",
  "not-found-text",
  "wrong-parameter-text",
  "json-error",
  "json-wrapped-error",
  "error-echo",
] as const;

export type FailureShape = (typeof failureShapes)[number];

/** @param query The raw query string, token included: `error-echo` repeats it, as careless scripts do. */
export function failureReply(shape: FailureShape, acao: string, query: string): Reply {
  switch (shape) {
    case "not-found":
      return textReply(404, wrongParameterWords);
    case "not-found-text":
      return textReply(200, notFoundWords);
    case "wrong-parameter-text":
      return textReply(200, wrongParameterWords);
    case "json-error":
      return jsonReply(200, { status: "error", mensagem: "campanha inexistente" });
    case "json-wrapped-error":
      return jsonReply(200, { [acao]: { status: "error", mensagem: "campanha inexistente" } });
    case "error-echo":
      return textReply(200, `erro ao processar a requisicao: ${query}`);
  }
}
