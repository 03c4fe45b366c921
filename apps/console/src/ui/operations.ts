import { inPath, Refusal, type Row } from '../api';
import { labelOf, texts } from '../texts';

export interface ApiField {
  readonly name: string;
  readonly hint: string;
  readonly kind: 'text' | 'secret' | 'number' | 'flag' | 'choice' | 'choices' | 'lines' | 'instant' | 'id';
  readonly isOptional: boolean;
  readonly isNullable: boolean;
  readonly options?: readonly string[];
  readonly pattern?: string;
  readonly byDefault?: unknown;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  /** Null if every principal may call it. */
  readonly scope: string | null;
  readonly label: string;
  readonly text: string;
  readonly isCreation: boolean;
  readonly isPaged: boolean;
  readonly fields: readonly ApiField[];
  readonly filters: readonly ApiField[];
}

declare const OPERATIONS_OF_API: Readonly<Record<string, Operation>>;

export type Values = Readonly<Record<string, string>>;

/** @param words the key of its words in `texts`; by default the operation */
export function operation(id: string, words = id): Operation {
  const found = OPERATIONS_OF_API[id];
  if (!found) throw new Error(`The document of the API has no operation ${id}.`);
  const [label = found.label, text = found.text] = texts.words[words] ?? [];
  return { ...found, label, text };
}

const PARAMETER = /\{(\w+)\}/g;

/** @param values a parameter without a value of its name gets the `id` */
export function pathOf({ path }: Operation, values: Row): string {
  return path.replaceAll(PARAMETER, (_, name: string) => inPath(values[name] ?? values['id']));
}

export function parametersOf({ path }: Operation): readonly string[] {
  return [...path.matchAll(PARAMETER)].map(([, name = '']) => name);
}

export function initialOf(fields: readonly ApiField[], of: Row): Values {
  return Object.fromEntries(
    fields.map(({ name, kind, isOptional, options = [], byDefault }) => {
      const first = kind === 'choice' && !isOptional ? options[0] : kind === 'flag' ? false : '';
      return [name, textOf(of[name] === undefined ? (byDefault ?? first) : of[name])];
    }),
  );
}

/**
 * A text that is no number is sent unchanged, so that the service rejects it.
 * @param before the resource that a patch changes; unchanged fields are not sent
 */
export function bodyOf(fields: readonly ApiField[], values: Values, before?: Row): Row {
  const body: Record<string, unknown> = {};
  for (const { name, kind, isNullable } of fields) {
    const text = (values[name] ?? '').trim();
    if (before && text === textOf(before[name]).trim()) continue;
    if (text !== '') body[name] = valueOf(kind, text);
    else if (isNullable) body[name] = null;
    else if (before && (kind === 'choices' || kind === 'lines')) body[name] = [];
  }
  return body;
}

export function assertSendable({ name, kind, isOptional, pattern = '' }: ApiField, typed = ''): void {
  const text = typed.trim();
  const isMissing = kind === 'choices' && !isOptional && text === '';
  if (!isMissing && (text === '' || new RegExp(pattern, 'u').test(text))) return;
  const title = `${labelOf(name)}: ${isMissing ? texts.chooseOne : texts.malformed}`;
  throw new Refusal('request.invalid', title, '', null);
}

function valueOf(kind: ApiField['kind'], text: string): unknown {
  if (kind === 'choices' || kind === 'lines') return text.split(/[\s,]+/);
  if (kind === 'flag') return text === 'true';
  return kind === 'number' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}
