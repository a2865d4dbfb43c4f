import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { listen } from "./listen.ts";

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
}

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

/** A span as it arrived, with its attributes as a record. */
export interface CollectedSpan extends Omit<OtlpSpan, "attributes"> {
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
}

/** An OTLP collector on the loopback interface that keeps what it receives. */
export class TraceCollector {
  readonly url: string;
  /** Everything received, unchanged. */
  readonly bodies: string[] = [];

  private constructor(url: string) {
    this.url = url;
  }

  static async open(): Promise<TraceCollector> {
    const keep = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      collector.bodies.push(await text(request));
      response.setHeader("content-type", "application/json").end("{}");
    };
    const server = createServer((request, response) => void keep(request, response));
    const collector = new TraceCollector(await listen(server));
    return collector;
  }

  get spans(): readonly CollectedSpan[] {
    return this.bodies.flatMap((body) => {
      const {
        resourceSpans,
      }: { resourceSpans: readonly { scopeSpans: readonly { spans: OtlpSpan[] }[] }[] } = JSON.parse(body);
      return resourceSpans
        .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
        .map((span) => Object.assign({}, span, { attributes: recordOf(span.attributes) }));
    });
  }

  /** The spans about a row, by name, once all of them have come. */
  async aboutRow(id: string): Promise<ReadonlyMap<string, CollectedSpan>> {
    const attempt = this.spans.find(
      ({ name, attributes }) => name === "syncd.attempt" && attributes["messaging.message.id"] === id,
    );
    if (attempt === undefined) throw new Error(`No attempt at row ${id} was traced.`);
    const children = this.spans.filter(({ parentSpanId }) => parentSpanId === attempt.spanId);
    return new Map([attempt, ...children].map((span) => [span.name, span]));
  }
}

function recordOf(attributes: OtlpSpan["attributes"]): CollectedSpan["attributes"] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const number = value.intValue ?? value.doubleValue;
      return [key, number === undefined ? value.stringValue : Number(number)];
    }),
  );
}
