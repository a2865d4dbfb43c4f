import type { Language } from "./languages.ts";

/** Campaigns go by the clock of São Paulo, wherever the person sits. */
const timeZone = "America/Sao_Paulo";

/** How numbers and times are written. */
export interface Formats {
  readonly number: (value: number) => string;
  readonly percent: (share: number) => string;
  /** Date and time to the minute. */
  readonly time: (at: Date) => string;
  /** To the second, for what happened one after the other. */
  readonly exactTime: (at: Date) => string;
  readonly clock: (at: Date) => string;
  readonly exactClock: (at: Date) => string;
  /** As `2 h 5 min`. */
  readonly duration: (seconds: number) => string;
}

export function formatsOf(language: Language): Formats {
  const locale = language === "en" ? "en-GB" : "pt-BR";
  const number = new Intl.NumberFormat(locale);
  const rate = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const minute = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: "short", timeStyle: "short" });
  const second = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: "short", timeStyle: "medium" });
  const exactClock = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: "medium" });
  const clock = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: "short" });
  return {
    number: (value) => number.format(value),
    percent: (share) => rate.format(share),
    time: (at) => minute.format(at),
    exactTime: (at) => second.format(at),
    clock: (at) => clock.format(at),
    exactClock: (at) => exactClock.format(at),
    duration: (seconds) => {
      const minutes = Math.round(seconds / 60);
      if (minutes < 1) return `${Math.max(0, Math.round(seconds))} s`;
      if (minutes < 60) return `${minutes} min`;
      const hours = Math.floor(minutes / 60);
      if (hours < 48) return `${hours} h ${minutes % 60} min`;
      return `${number.format(Math.round(hours / 24))} d`;
    },
  };
}
