/** The mask would show shorter ones nearly whole. */
const leastDigits = 10;

/**
 * A telephone number for logs: enough to distinguish two, too little to call. Shows nothing of a text that is not a
 * number, which a row may contain.
 */
export function maskedNumber(numero: string): string {
  const digits = numero.replaceAll(/\D/g, "");
  return digits.length < leastDigits ? "*****" : `${digits.slice(0, 2)}*****${digits.slice(-4)}`;
}
