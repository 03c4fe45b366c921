import type { OnApplicationShutdown } from '@nestjs/common';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { RequestOutcome, RequestSpan, SpanName, TracedRequest, Tracing } from './tracing';

/** For the last spans when the service stops; an unavailable collector must not delay that. */
const FLUSH_MS = 2_000;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Spans for OpenTelemetry, with the names of its semantic conventions for HTTP servers. Written by hand:
 * instrumentation that adds itself would put URLs, statements and messages of errors into them.
 */
export class OpenTelemetryTracing implements Tracing, OnApplicationShutdown {
  readonly isOn = true;
  private readonly tracer: Tracer;

  constructor(private readonly provider: NodeTracerProvider) {
    // Context and propagation are global to the process. They are stateless, so the first registration serves
    // all.
    provider.register();
    this.tracer = provider.getTracer('countersign');
  }

  async span<T>(name: SpanName, work: () => Promise<T>): Promise<T> {
    if (!trace.getActiveSpan()) return work();
    return this.tracer.startActiveSpan(name, async (span) => {
      try {
        return await work();
      } catch (error) {
        span.setAttribute('error.type', errorTypeOf(error));
        throw error;
      } finally {
        span.end();
      }
    });
  }

  openRequest({ method, route, traceparent }: TracedRequest): RequestSpan {
    const isKnown = METHODS.has(method);
    const name = [isKnown ? method : 'HTTP', ...(route === null ? [] : [route])].join(' ');
    // Neither `tracestate` nor `baggage`: they would be forwarded as the client wrote them.
    const caller = propagation.extract(ROOT_CONTEXT, { traceparent });
    const attributes = {
      'http.request.method': isKnown ? method : '_OTHER',
      ...(route === null ? {} : { 'http.route': route }),
    };
    const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, caller);
    const inSpan = trace.setSpan(caller, span);
    return {
      run: (work) => {
        context.with(inSpan, work);
      },
      end: (outcome) => {
        endRequest(span, outcome);
      },
    };
  }

  async onApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const impatience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FLUSH_MS);
    });
    await Promise.race([this.provider.shutdown().catch(() => undefined), impatience]);
    clearTimeout(timer);
  }
}

function endRequest(span: Span, { status, errorCode }: RequestOutcome): void {
  span.setAttribute('http.response.status_code', status);
  if (errorCode !== undefined) span.setAttribute('error.type', errorCode);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Its code or its class, without its message: it may quote the value that it failed on. */
function errorTypeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (typeof code === 'string') return code;
  return typeof name === 'string' ? name : typeof error;
}
