import type { EventData, eventVersions } from './generated/event-types';

interface Envelope {
  /** The id is the same in every attempt, replay and endpoint. Store it, and ignore repeated events. */
  readonly id: string;
  /** A later change of the same thing, such as a session, has a higher number. Events may arrive out of order. */
  readonly sequence: number;
  /** The time of the event in RFC 3339, in UTC. */
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

/** An event whose type or version is newer than this version of the package. It is genuine: answer with 200. */
export interface UnknownEvent extends Envelope {
  readonly type: 'unknown';
  /** The type in the request. */
  readonly sentType: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export type CountersignEvent = KnownEvent | UnknownEvent;
