import { Registry, type NamesOf } from '@countersign/text';

interface EventFieldDeclaration {
  readonly format: 'boolean' | 'uuid' | 'text';
  readonly meaning: string;
}

interface EventDeclaration {
  /** Raised when a field is removed or changes its meaning; added fields do not raise it. */
  readonly version: number;
  readonly meaning: string;
  /**
   * The subject: of two events of one thing with one value the later one has the higher `sequence`. Null where each event is a
   * subject of its own.
   */
  readonly orderedBy: EventField | null;
  readonly fields: readonly EventField[];
  /** Fields that some events of the type do not have. */
  readonly optional?: readonly EventField[];
}

/** The fields that the data of events have. A feature adds its own where it calls `defineEventFields`. */
export interface EventFields extends NamesOf<typeof ownFields> {}
export type EventField = keyof EventFields;

/** The types of events. A feature adds its own where it calls `defineEventTypes`. */
export interface EventTypes extends Record<never, EventDeclaration> {}
export type EventType = keyof EventTypes;

const fields = new Registry<EventField, EventFieldDeclaration>('field of events', /^[a-z][A-Za-z]*$/);
const types = new Registry<EventType, EventDeclaration>('event type', /^[a-z_]+\.[a-z_]+$/);

export const eventFieldNames = fields.names;
/** The types of all features whose files have loaded. */
export const eventTypeNames = types.names;

/** Registers fields of events: ids and closed words only, never a personal field or a secret. */
export function defineEventFields<const Fields extends Readonly<Record<string, EventFieldDeclaration>>>(
  declarations: Fields,
): Fields {
  fields.define(declarations);
  return declarations;
}

/**
 * Registers types of events. Documents, schemas and the filters of endpoints are made from them.
 *
 * A name is `[A-Za-z0-9_]` parts with dots between (Standard Webhooks 1.0).
 */
export function defineEventTypes<
  const Types extends Readonly<Record<`${string}.${string}`, EventDeclaration>>,
>(declarations: Types): Types {
  types.define(declarations);
  return declarations;
}

/** Whether this version knows the type. */
export function isEventType(name: string): name is EventType {
  return types.has(name);
}

/** A list that is made of the types, and grows with them. */
export function eventTypeList<Item>(make: (types: readonly EventType[]) => readonly Item[]): readonly Item[] {
  return types.listOf(make);
}

/** For tests, whose files share a process. */
export function forgetEventTypes(declarations: Readonly<Record<string, EventDeclaration>>): void {
  types.forget(declarations);
}

const ownFields = defineEventFields({
  reason: { format: 'text', meaning: 'Why, as an enumerated word' },
  applicationId: { format: 'uuid', meaning: 'The application' },
});

type FieldsOf<T extends EventType> = EventTypes[T]['fields'][number];
type OptionalOf<T extends EventType> = EventTypes[T] extends {
  readonly optional: readonly (infer Field extends EventField)[];
}
  ? Field
  : never;

/** A feature whose fields are not all text extends `EventFields` by its `Declared` fields. */
type ValueOf<Field> = Field extends keyof EventFields
  ? EventFields[Field] extends { readonly format: 'boolean' }
    ? boolean
    : string
  : never;

/** The data of an event of a type. */
export type EventData<T extends EventType> = {
  readonly [Field in Exclude<FieldsOf<T>, OptionalOf<T>>]: ValueOf<Field>;
} & { readonly [Field in OptionalOf<T>]?: ValueOf<Field> };

/** The declaration of a type, with the optional parts. */
export function declarationOf(type: EventType): EventDeclaration {
  return types.get(type);
}

export function fieldDeclarationOf(field: EventField): EventFieldDeclaration {
  return fields.get(field);
}
