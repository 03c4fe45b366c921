import type { Outcome, Prepared, Step } from './act';
import { acts } from './acts';
import type { Model } from './model';
import type { Difference } from './tables';
import type { Answer } from './world';

/** More than a group of four with one lost answer has. */
const MAX_CANDIDATES = 200;

/** A state that the contract allows after a step, and the names of the outcomes that lead to it. */
export interface Candidate {
  readonly model: Model;
  readonly names: readonly string[];
}

export interface Asked {
  readonly step: Step;
  readonly prepared: Prepared;
  answer: Answer;
  /** Whether the act may have happened or not. */
  isUnknown: boolean;
}

/** Each order of the calls, with each outcome that fits the answers. */
export function candidatesOf(from: Candidate, asked: readonly Asked[]): readonly Candidate[] {
  if (asked.length === 0) return [from];
  const found: Candidate[] = [];
  for (const [position, each] of asked.entries()) {
    const rest = asked.toSpliced(position, 1);
    const { outcomes } = each.prepared;
    let count = 1;
    for (let index = 0; index < count && found.length < MAX_CANDIDATES; index += 1) {
      const model = from.model.clone();
      const possible = outcomes(model);
      const outcome = possible[index];
      count = possible.length;
      if (!outcome || (!each.isUnknown && mismatch(outcome, each.answer) !== null)) continue;
      outcome.apply?.(each.isUnknown ? null : each.answer.body);
      const name = each.isUnknown ? `${outcome.name} (the answer was lost)` : outcome.name;
      found.push(...candidatesOf({ model, names: [...from.names, name] }, rest));
    }
    if (each.isUnknown || isSkewed(each)) {
      const model = from.model.clone();
      const [, token] = /^Bearer (.*)/.exec(each.prepared.call.headers?.['authorization'] ?? '') ?? [];
      if (token !== undefined) model.mayUse(token);
      found.push(...candidatesOf({ model, names: [...from.names, 'nothing happened'] }, rest));
    }
  }
  return found;
}

/** A replica whose clock is wrong refuses. */
function isSkewed({ step, answer }: Asked): boolean {
  return step.fault?.kind === 'clock' && answer.status === 503;
}

/** @returns what the answer has otherwise */
function mismatch({ status, check }: Outcome, answer: Answer): string | null {
  const isExpected =
    status === 'ok' ? answer.status >= 200 && answer.status < 300 : status.includes(answer.status);
  if (!isExpected) return `status ${status === 'ok' ? '2xx' : status.join(' or ')}`;
  return check?.(answer.body) ?? null;
}

export function unexpected(model: Model, { step, prepared, answer }: Asked): Difference {
  const expected = prepared
    .outcomes(model.clone())
    .map((outcome) => `${outcome.name} (${mismatch(outcome, answer) ?? 'as answered'})`);
  const invariant = answer.status >= 500 ? 'no-5xx' : (acts[step.act]?.invariant ?? 'unknown');
  return { invariant, what: `${step.act} (${step.who})`, expected, found: { ...answer } };
}
