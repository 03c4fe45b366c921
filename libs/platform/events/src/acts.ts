import { Registry, type NamesOf } from '@countersign/text';

interface EventFieldDeclaration {
  readonly format: 'boolean' | 'uuid' | 'text';
  readonly meaning: string;
}

/** Declares a public act: webhooks deliver its event to services. */
interface EventDeclaration {
  /** False where the service observed it: the audit trail records who did what. */
  readonly isAudited?: false;
  /** Whether its records are counted by day and application, for operators. */
  readonly isCounted?: true;
  /** 1 by default. Raised when a field is removed or changes its meaning; added fields do not raise it. */
  readonly version?: number;
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

/** The fields that the data of events have. A feature adds its own where it calls `defineEventFields`. @public */
export interface EventFields extends NamesOf<typeof ownFields> {}
export type EventField = keyof EventFields;

/** The acts that the service records. A feature adds its own where it calls `defineActs`. */
export interface Acts extends Record<never, EventDeclaration | null> {}

export type AuditAction = {
  [Act in keyof Acts]: Acts[Act] extends { readonly isAudited: false } ? never : Act;
}[keyof Acts];

/** The types of events that webhooks deliver to services. */
export type EventType = { [Act in keyof Acts]: Acts[Act] extends null ? never : Act }[keyof Acts];

const fields = new Registry<EventField, EventFieldDeclaration>('field of events', /^[a-z][A-Za-z]*$/);
const acts = new Registry<keyof Acts, EventDeclaration | null>('act', /^[a-z_]+\.[a-z_]+$/);

export const eventFieldNames = fields.names;
/** The types of all features whose files have loaded. */
export const eventTypeNames = eventTypeList((types) => types);
/** The actions of all features whose files have loaded. */
export const auditActions = acts.listOf((names) =>
  names.filter((name): name is AuditAction => acts.get(name)?.isAudited !== false),
);

/** Registers fields of events: ids and closed words only, never a personal field or a secret. */
export function defineEventFields<const Fields extends Readonly<Record<string, EventFieldDeclaration>>>(
  declarations: Fields,
): Fields {
  fields.define(declarations);
  return declarations;
}

/**
 * Registers acts. The actions of the audit trail, the events, and their schemas and documents are made from them. Null: the act
 * is in the audit trail alone. Names are among those that Standard Webhooks 1.0 allows for types.
 */
export function defineActs<
  const Declarations extends Readonly<Record<`${string}.${string}`, EventDeclaration | null>>,
>(declarations: Declarations): Declarations {
  acts.define(declarations);
  return declarations;
}

export function isEventType(name: string): name is EventType {
  return acts.has(name) && acts.get(name) !== null;
}

export function isCounted(act: keyof Acts): boolean {
  return acts.get(act)?.isCounted === true;
}

export function eventTypeList<Item>(make: (types: readonly EventType[]) => readonly Item[]): readonly Item[] {
  return acts.listOf((names) => make(names.filter((name) => isEventType(name))));
}

const ownFields = defineEventFields({
  reason: { format: 'text', meaning: 'Why, as an enumerated word' },
  applicationId: { format: 'uuid', meaning: 'The application' },
});

type FieldsOf<T extends EventType> = Acts[T] extends { readonly fields: readonly (infer Field)[] }
  ? Field
  : never;
type OptionalOf<T extends EventType> = Acts[T] extends { readonly optional: readonly (infer Field)[] }
  ? Field
  : never;

/** A feature whose fields are not all text extends `EventFields` by its `Declared` fields. */
type ValueOf<Field> = Field extends keyof EventFields
  ? EventFields[Field] extends { readonly format: 'boolean' }
    ? boolean
    : string
  : never;

export type EventData<T extends EventType> = {
  readonly [Field in Exclude<FieldsOf<T>, OptionalOf<T>> & string]: ValueOf<Field>;
} & { readonly [Field in OptionalOf<T> & string]?: ValueOf<Field> };

/** The declaration of a type, with the optional parts. */
export function declarationOf(type: EventType): EventDeclaration & { readonly version: number } {
  const declaration = acts.get(type);
  if (declaration === null) throw new Error(`no feature defines the event ${type}`);
  return { version: 1, ...declaration };
}

export function fieldDeclarationOf(field: EventField): EventFieldDeclaration {
  return fields.get(field);
}
