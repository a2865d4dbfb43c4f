/** The time field of a line, formatted once for all lines of a millisecond. */
export class LineClock {
  #atMs = 0;
  #field = "";

  readonly field = (): string => {
    const nowMs = Date.now();
    if (nowMs !== this.#atMs) {
      this.#atMs = nowMs;
      this.#field = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return this.#field;
  };
}
