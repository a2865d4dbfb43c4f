/** A telephone number for reports: enough to distinguish two, too little to call. */
export function masked(numero: string): string {
  return `${numero.slice(0, 2)}*****${numero.slice(-4)}`;
}
