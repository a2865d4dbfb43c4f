/**
 * Which of the API's two methods carries a message: `simples` is method 1 (GET, template without variables),
 * `v2` is method 2 (POST, template with variables). The names come from the API's `acao` values.
 */
export type Action = "simples" | "v2";
