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
  /** Runs `work` so that spans of what it starts belong to this one. */
  run(work: () => void): void;
  end(outcome: RequestOutcome): void;
}

/** Where the time of a request goes. Spans carry names and codes, never a value. */
export abstract class Tracing {
  /** Whether spans go anywhere. */
  abstract readonly isOn: boolean;

  /** Runs `work` in a span of the request that it belongs to; outside of one without a span. */
  abstract span<T>(name: SpanName, work: () => Promise<T>): Promise<T>;

  /** The span of a request, which goes on that of the caller. */
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
