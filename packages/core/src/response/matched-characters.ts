/** How much of a text rules look at: bounds the time that they take. */
export const matchedCharacters = 2048;
