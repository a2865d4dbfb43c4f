/**
 * What a client needs of an undici dispatcher: structural, so that an `Agent`, `Pool` or `ProxyAgent` of any copy of undici 7
 * or later fits, whichever one your program has.
 */
export interface InjectedDispatcher {
  dispatch(options: InjectedRequest, handler: InjectedHandler): boolean;
}

/** A request as it is given to a dispatcher. */
export interface InjectedRequest {
  readonly origin?: string | URL;
  readonly path: string;
  readonly method: "GET" | "POST";
  readonly headers?: string[] | null;
  readonly body?: string | null;
}

/** The parts of undici's handler that a client listens to. */
export interface InjectedHandler {
  onRequestStart?(controller: InjectedController, context: object): void;
  onResponseStart?(
    controller: InjectedController,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
    statusMessage?: string,
  ): void;
  onResponseData?(controller: InjectedController, chunk: Buffer): void;
  onResponseEnd?(
    controller: InjectedController,
    trailers: Record<string, string | string[] | undefined>,
  ): void;
  onResponseError?(controller: InjectedController, error: Error): void;
}

/** Ends the request that a handler was told of. */
export interface InjectedController {
  abort(reason: Error): void;
}
