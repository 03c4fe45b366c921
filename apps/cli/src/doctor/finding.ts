import type { Answer } from '../declaration';
import { exitCodes } from '../errors';

/** A finding of `countersign doctor`. It contains no secret and no personal data. */
export interface Finding {
  /** `note`: an operator may want to act. `unknown`: the check was not possible. */
  readonly state: (typeof order)[number];
  /** The subject of the check, such as `database` or `bot 123`. */
  readonly check: string;
  readonly detail: string;
  readonly remedy: string | null;
}

const order = ['wrong', 'unknown', 'note', 'ok'] as const;

type Find = (check: string, detail: string, remedy?: string) => void;

export class Findings {
  readonly all: Finding[] = [];

  readonly wrong = this.as('wrong');
  readonly unknown = this.as('unknown');
  readonly note = this.as('note');
  readonly ok = this.as('ok');

  private as(state: Finding['state']): Find {
    return (check, detail, remedy) => void this.all.push({ check, state, detail, remedy: remedy ?? null });
  }

  /** An unknown state counts as a failure: the exit code is 1. */
  get page(): Answer {
    const sorted = order.flatMap((state) => this.all.filter((one) => one.state === state));
    const width = Math.max(...sorted.map(({ check }) => check.length));
    const lines = sorted.flatMap(({ check, state, detail, remedy }) => [
      `${state.padEnd(7)}  ${check.padEnd(width)}  ${detail}`,
      ...(remedy === null ? [] : [`${' '.repeat(width + 11)}-> ${remedy}`]),
    ]);
    const count = (state: Finding['state']): number => sorted.filter((one) => one.state === state).length;
    const summary = `${count('wrong')} wrong, ${count('unknown')} unknown, ${count('note')} to note, ${count('ok')} ok`;
    return {
      json: sorted,
      text: [...lines, '', summary].join('\n'),
      exitCode: count('wrong') + count('unknown') > 0 ? exitCodes.failed : exitCodes.ok,
    };
  }
}
