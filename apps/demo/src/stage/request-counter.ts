/** How many requests the API got for each number, whatever its answers. */
export class RequestCounter {
  readonly #byNumero = new Map<string, number>();

  count(numero: string | null): void {
    if (numero !== null) this.#byNumero.set(numero, this.of(numero) + 1);
  }

  of(numero: string): number {
    return this.#byNumero.get(numero) ?? 0;
  }
}
