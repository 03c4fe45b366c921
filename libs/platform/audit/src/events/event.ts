import { DefinitionsInUse } from '@countersign/runtime';

/** A field of event data: an id or a word of a closed set, never a personal field or a secret. */
export interface EventField {
  readonly format: 'boolean' | 'uuid' | 'text';
  readonly meaning: string;
}

export type EventFields = Readonly<Record<string, EventField>>;

/** Standard Webhooks 1.0 allows these names for types. */
type EventName = `${string}.${string}`;

interface Declaration {
  readonly name: EventName;
  /** False for an event that the service only observed: the audit trail records who did what. */
  readonly isAudited?: false;
  readonly isCounted?: true;
  /** 1 by default. A removed field or a field with a new meaning raises it; an added field does not. */
  readonly version?: number;
  readonly meaning: string;
  /** The subject's field: a later event of a subject has the higher `sequence`. Null: each event is its own subject. */
  readonly orderedBy: string | null;
  readonly fields: EventFields;
  readonly optional?: readonly string[];
}

export interface DefinedEvent {
  readonly name: EventName;
  readonly isAudited: boolean;
  readonly isCounted: boolean;
}

export interface AuditedEvent extends DefinedEvent {
  readonly isAudited: true;
}

/** An event that webhooks deliver to services. */
export interface PublicEvent<
  Fields extends EventFields = EventFields,
  Optional extends string = string,
> extends DefinedEvent {
  readonly version: number;
  readonly meaning: string;
  readonly orderedBy: string | null;
  readonly fields: Fields;
  readonly optional: readonly Optional[];
}

type EventOf<D extends EventName | Declaration> = {
  readonly name: D extends Declaration ? D['name'] : D;
} & (D extends Declaration
  ? PublicEvent<
      D['fields'],
      D extends { readonly optional: readonly (infer O extends string)[] } ? O : never
    > & {
      readonly isAudited: D extends { readonly isAudited: false } ? false : true;
    }
  : AuditedEvent);

type ValueOf<Field extends EventField> = Field['format'] extends 'boolean' ? boolean : string;

export type EventData<Event> =
  Event extends PublicEvent<infer Fields, infer Optional>
    ? { readonly [F in Exclude<keyof Fields, Optional> & string]: ValueOf<Fields[F]> } & {
        readonly [F in Extract<keyof Fields, Optional> & string]?: ValueOf<Fields[F]>;
      }
    : never;

export const eventsInUse = new DefinitionsInUse<DefinedEvent>('event', /^[a-z_]+\.[a-z_]+$/);

/** The names of all audited events. */
export const auditActions = eventsInUse.listOf((names) =>
  names.filter((name) => eventsInUse.find(name)?.isAudited),
);

/** The names of all events that webhooks deliver. */
export const publicEventNames = listOfPublicNames((names) => names);

/** Derives a list from the names of public events. */
export function listOfPublicNames(make: (names: readonly string[]) => readonly string[]): readonly string[] {
  return eventsInUse.listOf((names) => make(names.filter((name) => findPublicEvent(name))));
}

/** Defines a feature's events. An event that is only a name is recorded in the audit trail alone. */
export function defineEvents<const Declarations extends Readonly<Record<string, EventName | Declaration>>>(
  declarations: Declarations,
): { readonly [Key in keyof Declarations]: EventOf<Declarations[Key]> } {
  const events = Object.entries(declarations).map(
    ([key, declaration]) => [key, eventOf(declaration)] as const,
  );
  return Object.fromEntries(events) as { [Key in keyof Declarations]: EventOf<Declarations[Key]> };
}

/** @returns null if no public event has the name */
export function findPublicEvent(name: string): PublicEvent | null {
  const event = eventsInUse.find(name);
  return event && isPublic(event) ? event : null;
}

export function publicEvents(): readonly PublicEvent[] {
  return eventsInUse.all.filter(isPublic);
}

export function isPublic(event: DefinedEvent): event is PublicEvent {
  return 'fields' in event;
}

function eventOf(declaration: EventName | Declaration): DefinedEvent {
  if (typeof declaration === 'string') return { name: declaration, isAudited: true, isCounted: false };
  return { version: 1, optional: [], isAudited: true, isCounted: false, ...declaration };
}

export const commonFields = {
  reason: { format: 'text', meaning: 'Why, as an enumerated word' },
  applicationId: { format: 'uuid', meaning: 'The application' },
} as const satisfies EventFields;
