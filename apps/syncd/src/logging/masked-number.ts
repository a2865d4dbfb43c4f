/** Shorter ones would be shown nearly whole. */
const leastDigits = 10;

/**
 * A telephone number as it may be logged: enough to tell two apart, too little to call. What is no number, which a row
 * may hold all the same, is not shown at all.
 */
export function maskedNumber(numero: string): string {
  const digits = numero.replaceAll(/\D/g, "");
  return digits.length < leastDigits ? "*****" : `${digits.slice(0, 2)}*****${digits.slice(-4)}`;
}
