import { Agent, request } from "undici";
import { defaultIdCliente, defaultToken } from "../src/index.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

type Query = Readonly<Record<string, string | null>>;

const credentials = { id_cliente: defaultIdCliente, token: defaultToken };

/** A client with no opinions: it sends what the test says and shows what came back. A null parameter is left out. */
export class ApiClient implements AsyncDisposable {
  readonly #url: string;
  readonly #agent = new Agent();

  constructor(simulator: { readonly url: string }) {
    this.#url = simulator.url;
  }

  /** Method 1, valid unless the parameters say otherwise. */
  insere(parameters: Query = {}, signal?: AbortSignal): Promise<Answer> {
    const query = {
      acao: "insere_whats_simples",
      ...credentials,
      num_dest: "11988887777",
      id_campanha: "5",
      ...parameters,
    };
    return this.send("GET", scriptUrl(query), null, signal);
  }

  /** Method 2, valid unless the fields or the query say otherwise. An undefined field is left out. */
  envio(fields: Readonly<Record<string, unknown>> = {}, query: Query = {}): Promise<Answer> {
    const body = { numero_dest: "11988887777", id_campanha: 5, ...fields };
    return this.envioRaw(JSON.stringify(body), query);
  }

  /** Method 2 with a body that need not be JSON. */
  envioRaw(body: string | Buffer, query: Query = {}): Promise<Answer> {
    return this.send("POST", scriptUrl({ acao: "envio_whats_simples_v2", ...credentials, ...query }), body);
  }

  async send(
    method: "DELETE" | "GET" | "HEAD" | "POST" | "PUT",
    path: string,
    body: string | Buffer | null = null,
    signal: AbortSignal | null = null,
  ): Promise<Answer> {
    const response = await request(this.#url + path, { method, body, signal, dispatcher: this.#agent });
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }
}

/** The script's path with this query. */
export function scriptUrl(query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== null);
  return `/dbdial_webapi.php?${new URLSearchParams(given).toString()}`;
}
