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

/** Definitions by code. The first sentence of a text is the title, and the other sentences are the remedy. */
export function refusals<const Code extends string>(
  common: ErrorKind | Omit<ErrorDefinition, 'title' | 'remedy'>,
  texts: Readonly<Record<Code, string>>,
): Readonly<Record<Code, ErrorDefinition>> {
  const shared = typeof common === 'string' ? { kind: common } : common;
  const defined = Object.entries<string>(texts).map(([code, text]) => {
    const [title = '', ...remedy] = text.split('. ');
    return [code, { ...shared, title, ...(remedy.length > 0 ? { remedy: remedy.join('. ') } : {}) }];
  });
  return Object.fromEntries(defined) as Record<Code, ErrorDefinition>;
}
