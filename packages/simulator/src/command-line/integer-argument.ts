import { InvalidArgumentError } from "commander";

/** Commander's parser of whole numbers in a range. Throws an InvalidArgumentError that names the range. */
export function integerBetween(min: number, max: number): (argument: string) => number {
  return (argument) => {
    const value = Number(argument);
    if (!/^\d+$/.test(argument) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}
