/** Work within a request that has its own span. A closed set, so that no name contains data of a request. */
export type SpanName = 'auth.verify' | 'db.read' | 'db.transaction';

export interface TracedRequest {
  readonly method: string;
  /** The pattern of the route, or null where there is none; never the URL. */
  readonly route: string | null;
  /** The header of that name, W3C Trace Context. */
  readonly traceparent: string | undefined;
}

export interface RequestOutcome {
  readonly status: number;
  /** The code of the problem that was answered. */
  readonly errorCode: string | undefined;
}

export interface RequestSpan {
  /** Runs `work` with this span as the parent of its spans. */
  run(work: () => void): void;
  end(outcome: RequestOutcome): void;
}

/** Tracing of requests. Spans carry names and codes, never a value. */
export abstract class Tracing {
  /** Whether spans are exported. */
  abstract readonly isOn: boolean;

  /** Runs `work` in a child span of its request; outside of a request without a span. */
  abstract span<T>(name: SpanName, work: () => Promise<T>): Promise<T>;

  /** The span of a request, a child of the caller's span. */
  abstract openRequest(request: TracedRequest): RequestSpan;
}

const noSpan: RequestSpan = {
  run: (work) => {
    work();
  },
  end: () => undefined,
};

/** Without tracing. */
export const noTracing: Tracing = {
  isOn: false,
  span: (_name, work) => work(),
  openRequest: () => noSpan,
};
