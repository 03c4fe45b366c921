import type { EventData, eventVersions } from './generated/event-types';

interface Envelope {
  /** The same in every attempt, every replay and at every endpoint: store it, and drop what comes again. */
  readonly id: string;
  /** Higher for the later of two changes of one thing, such as a session. Events may arrive in another order. */
  readonly sequence: number;
  /** When it happened: RFC 3339, in UTC. */
  readonly timestamp: string;
}

/** An event of a type that this version of the package knows. */
export type KnownEvent = {
  [T in keyof EventData]: Envelope & {
    readonly type: T;
    readonly version: (typeof eventVersions)[T];
    readonly data: EventData[T];
  };
}[keyof EventData];

/**
 * An event of a type, or of a version of a type, that came after this version of the package. It is genuine: answer with
 * 200, and ignore what you cannot use.
 */
export interface UnknownEvent extends Envelope {
  readonly type: 'unknown';
  /** The type as it was sent. */
  readonly sentType: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export type CountersignEvent = KnownEvent | UnknownEvent;
