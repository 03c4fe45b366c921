import type { RpcAnswer } from '@countersign/chains';

/** In the order of the calls; `null` for one that failed. */
export function resultsOf(answers: readonly RpcAnswer[]): readonly unknown[] {
  return answers.map((answer) => (answer.ok ? (answer.result ?? null) : null));
}

/** None for what is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
