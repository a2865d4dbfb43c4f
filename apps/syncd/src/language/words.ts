import type { Language } from "./language.ts";

const units = [
  { seconds: 86_400, name: "day" },
  { seconds: 3600, name: "hour" },
  { seconds: 60, name: "minute" },
] as const;

/** Sending windows go by this clock, and so does the expected end: people who plan by it read no other. */
const timeZone = "America/Sao_Paulo";

/** Numbers, times and lists as people write them in one language. */
export class Words {
  readonly language: Language;

  constructor(language: Language) {
    this.language = language;
  }

  number(value: number): string {
    return new Intl.NumberFormat(this.language, { maximumFractionDigits: 1 }).format(value);
  }

  /** A time span in the largest unit that it fills twice: `90 sec`, `3 hr`, `12 dias`. */
  duration(seconds: number): string {
    const unit = units.find((one) => seconds >= 2 * one.seconds);
    const value = unit === undefined ? Math.round(seconds) : Math.floor(seconds / unit.seconds);
    const style = { style: "unit", unit: unit?.name ?? "second", unitDisplay: "short" } as const;
    return new Intl.NumberFormat(this.language, style).format(value);
  }

  /** The time, by the clock of São Paulo; with the weekday where it is another day, and as a date beyond six days. */
  time(at: Date, now: Date): string {
    const days = Math.abs(dayOf(at) - dayOf(now));
    if (days > 6) {
      const month = this.language === "en" ? "short" : "2-digit";
      const year = days > 180 ? ({ year: "numeric" } as const) : {};
      return this.#format(at, { day: "2-digit", month, ...year });
    }
    const clock = this.#format(at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return days === 0 ? clock : `${this.#format(at, { weekday: "short" }).replace(".", "")} ${clock}`;
  }

  /** Date, hour and second, for a screen that changes. */
  clock(at: Date): string {
    return this.#format(at, { dateStyle: "short", timeStyle: "medium", hourCycle: "h23" });
  }

  #format(at: Date, options: Intl.DateTimeFormatOptions): string {
    return new Intl.DateTimeFormat(this.language, { ...options, timeZone }).format(at);
  }

  /** `a, b and c`. */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.language, { style: "long", type: "conjunction" }).format(items);
  }

  /** `one` where the language says it of `count`, else `other`; neither holds the number. */
  plural(count: number, one: string, other: string): string {
    return new Intl.PluralRules(this.language).select(count) === "one" ? one : other;
  }

  /** Another text as a part of this one. */
  of(text: { readonly in: (language: Language) => string }): string {
    return text.in(this.language);
  }
}

/** Days since 1970, by that clock. */
function dayOf(at: Date): number {
  const iso = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone }).format(at);
  return Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
}
