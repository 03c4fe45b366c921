'use client';

import { createElement, useEffect, useRef, useState, type ReactElement } from 'react';
import { resumeAct, stepUp, type AskedStepUp, type ResumedAct, type StepUpOptions } from '../acts.js';
import type { Countersign } from '../types.js';
import { textOf } from '../problem.js';
import { useCountersign, useSession } from './hooks.js';

export interface ConfirmableAct {
  /** Returns sentences for the person to read before the act, such as what will be lost. */
  readonly details?: () => Promise<string>;
  /** The text of the button. The default is `Confirm`. */
  readonly label?: string;
  /** Makes the one call of the act with `act.call`. */
  readonly run: (act: ResumedAct) => Promise<unknown>;
}

export interface ConfirmProps {
  /** The acts by name, such as `account.export`. A launch for another act shows nothing. */
  readonly acts: Readonly<Record<string, ConfirmableAct>>;
  readonly className?: string;
}

/** After `failed`, the person can confirm again while `act` still has its grant. */
type Progress = 'asking' | 'running' | 'done' | 'failed' | 'dropped';

/**
 * Shows the act of this launch, and performs it when the person confirms. It renders nothing without a session or an
 * act. Render it on each page that people can return to.
 */
export function Confirm({ acts, className }: ConfirmProps): ReactElement | null {
  const client = useCountersign();
  const { status } = useSession();
  const act = status === 'signed-in' ? resumeAct(client) : null;
  // The act is over after its call, but its outcome stays visible.
  const shown = useRef<ResumedAct | null>(null);
  shown.current ??= act;
  const [progress, setProgress] = useState<Progress>('asking');
  const [text, setText] = useState<string | null>(null);
  const wanted = shown.current;
  const mine = wanted && Object.hasOwn(acts, wanted.act) ? acts[wanted.act] : undefined;
  useEffect(() => {
    if (!mine) return;
    const read = mine.details?.() ?? Promise.resolve(null);
    read.then(setText, (error: unknown) => {
      setProgress('failed');
      setText(textOf(error));
    });
    // The acts may be another object at each rendering.
  }, [mine === undefined]);
  if (!wanted || !mine || progress === 'dropped') return null;
  const isReady = text !== null || !mine.details;
  async function run(): Promise<void> {
    if (!wanted || !mine) return;
    setProgress('running');
    try {
      await mine.run(wanted);
      setProgress('done');
    } catch (error) {
      setProgress('failed');
      setText(textOf(error));
    }
  }
  const button = (label: string, onClick: () => void): ReactElement =>
    createElement(
      'button',
      { type: 'button', key: label, disabled: progress === 'running' || !isReady, onClick },
      label,
    );
  return createElement(
    'section',
    { className, 'aria-label': wanted.title },
    createElement('h2', null, wanted.title),
    progress === 'done' ? createElement('p', { role: 'status' }, 'Done.') : null,
    progress !== 'done' && text !== null
      ? createElement('p', { role: progress === 'failed' ? 'alert' : undefined }, text)
      : null,
    progress === 'done'
      ? null
      : [
          button(mine.label ?? 'Confirm', () => void run()),
          button('Not now', () => {
            wanted.drop();
            setProgress('dropped');
          }),
        ],
  );
}

/** Erases the account, for `Confirm` as `account.erase`. @param erased is called after the request */
export function accountErasure(client: Pick<Countersign, 'call'>, erased?: () => void): ConfirmableAct {
  let query: { confirm: string; forfeit?: string } | undefined;
  return {
    label: 'Yes, delete my account',
    async details() {
      const { erasesAt, confirm, forfeit, lost: counts } = await client.call('GET', '/v1/me/erasure');
      query = { confirm, ...(forfeit.length > 0 && { forfeit: forfeit.join() }) };
      const { teams = 0 } = counts;
      const lost = [
        teams > 0 &&
          ` ${teams === 1 ? 'A team that you own is' : `${teams} teams that you own are`} deleted for all members: make another member an admin to keep it.`,
        forfeit.length > 0 && ' What your wallets hold is lost for good: export their words first.',
      ]
        .filter(Boolean)
        .join('');
      return `Your account closes now, and is erased on ${new Date(erasesAt).toLocaleString()}. Until then you can sign in and keep it.${lost}`;
    },
    async run(act) {
      await act.call('DELETE', '/v1/me', query ? { query } : {});
      erased?.();
    },
  };
}

export interface StepUp {
  /** Calls `stepUp` of `./acts`, but never throws. */
  readonly ask: (options?: StepUpOptions) => Promise<void>;
  /** The step-up with its `link` and `code`, for clients that open nothing by themselves. */
  readonly asked: AskedStepUp | null;
  /** The outcome of the act in the other launch. It is `null` until then. */
  readonly outcome: 'done' | 'expired' | null;
  readonly isPending: boolean;
  /** A sentence for the person. */
  readonly error: string | null;
}

/** Asks for a step-up of an act such as `account.erase`. The Mini App opens again, where `Confirm` performs the act. */
export function useStepUp(act: string): StepUp {
  const client = useCountersign();
  const end = useRef<AbortController | null>(null);
  const [state, setState] = useState<Omit<StepUp, 'ask'>>({
    ...{ asked: null, outcome: null },
    ...{ isPending: false, error: null },
  });
  useEffect(() => () => end.current?.abort(), []);
  async function ask(options?: StepUpOptions): Promise<void> {
    end.current?.abort();
    const { signal } = (end.current = new AbortController());
    const change = (to: Partial<StepUp>): void => {
      if (!signal.aborted) setState((before) => ({ ...before, ...to }));
    };
    change({ asked: null, outcome: null, isPending: true, error: null });
    try {
      const asked = await stepUp(client, act, options);
      change({ asked });
      change({ outcome: await asked.outcome(signal), isPending: false });
    } catch (error) {
      change({ isPending: false, error: textOf(error) });
    }
  }
  return { ask, ...state };
}
