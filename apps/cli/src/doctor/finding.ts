import type { Answer } from '../declaration';
import { exitCodes } from '../errors';

/** What `countersign doctor` found out. It has no secret and no personal field. */
export interface Finding {
  /** What was looked at: `database`, `bot 123`. */
  readonly check: string;
  /** `note`: something that an operator may want to do. `unknown`: it could not be looked at. */
  readonly state: 'ok' | 'note' | 'wrong' | 'unknown';
  readonly detail: string;
  /** How to mend it; null where there is nothing to mend. */
  readonly remedy: string | null;
}

export function ok(check: string, detail: string): Finding {
  return { check, state: 'ok', detail, remedy: null };
}

export function note(check: string, detail: string, remedy: string | null = null): Finding {
  return { check, state: 'note', detail, remedy };
}

export function wrong(check: string, detail: string, remedy: string | null = null): Finding {
  return { check, state: 'wrong', detail, remedy };
}

export function unknown(check: string, detail: string): Finding {
  return { check, state: 'unknown', detail, remedy: null };
}

/** One page: what is wrong stands first. What is not known is no health either, and exits with 1. */
export function pageOf(findings: readonly Finding[]): Answer {
  const order = ['wrong', 'unknown', 'note', 'ok'] as const;
  const sorted = order.flatMap((state) => findings.filter((one) => one.state === state));
  const width = Math.max(...sorted.map(({ check }) => check.length));
  const lines = sorted.flatMap(({ check, state, detail, remedy }) => [
    `${state.padEnd(7)}  ${check.padEnd(width)}  ${detail}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 11)}-> ${remedy}`]),
  ]);
  const count = (state: Finding['state']): number => findings.filter((one) => one.state === state).length;
  const summary = `${count('wrong')} wrong, ${count('unknown')} unknown, ${count('note')} to note, ${count('ok')} ok`;
  return {
    json: sorted,
    text: [...lines, '', summary].join('\n'),
    exitCode: count('wrong') + count('unknown') > 0 ? exitCodes.failed : exitCodes.ok,
  };
}
