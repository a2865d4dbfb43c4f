/** A telephone number as it may be shown: enough to tell two apart, too little to call. */
export function masked(numero: string): string {
  return `${numero.slice(0, 2)}*****${numero.slice(-4)}`;
}
