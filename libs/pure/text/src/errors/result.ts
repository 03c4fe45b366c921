import type { ErrorDefinition, ErrorKind } from './app-error';

/** The value of a pure check, or the code of the rule that failed. */
export type Result<T, Code extends string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: Code };

export function accepted<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function refused<const Code extends string>(code: Code): { readonly ok: false; readonly code: Code } {
  return { ok: false, code };
}

/** Definitions of one kind by code, each with a title and an optional remedy. */
export function refusals<const Code extends string>(
  kind: ErrorKind,
  texts: Readonly<Record<Code, string | readonly [title: string, remedy: string]>>,
): Readonly<Record<Code, ErrorDefinition>> {
  const defined = Object.entries<string | readonly [string, string]>(texts).map(([code, text]) => {
    const [title, remedy] = typeof text === 'string' ? [text] : text;
    return [code, remedy === undefined ? { kind, title } : { kind, title, remedy }];
  });
  return Object.fromEntries(defined) as Record<Code, ErrorDefinition>;
}
