/** How much of a text rules look at, to bound their time. */
export const matchedCharacters = 2048;
