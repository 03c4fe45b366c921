import type { Send } from '@countersign/client/wallets';
import { h, tail } from '../../dom';

const STATES: Readonly<Record<Send['state'], string>> = {
  waiting: 'It waits: nothing is signed yet.',
  broadcasting: 'It is given to the nodes. No block has it yet.',
  mined: 'A block has it. It can still be undone: wait until it is final.',
  final: 'It is final.',
  failed: 'It failed, and this is final. The network has its fee.',
  replaced: 'Another transaction took its nonce: it is never done.',
  'not-sent': 'It moved nothing, and never will.',
};
const OUTCOMES: Readonly<Record<NonNullable<Send['outcome']>, string>> = {
  delivered: 'The receiver has it.',
  bounced: 'It came back.',
  failed: 'A contract on the way did not do it.',
  unknown: 'A contract on the way follows no standard: look at it by the hash.',
};

/** What it does, as the service reads the bytes. */
export function sentencesOf({ details }: Send): readonly string[] {
  return details['summary'] as readonly string[];
}

/** In words. */
export function whatBecameOf({ state, outcome, block, refusal }: Send): string {
  if (state === 'final' && block?.kind === 'cancel') return 'It is cancelled, and this is final.';
  return [
    STATES[state],
    outcome === null ? null : OUTCOMES[outcome],
    refusal === null ? null : `Why: ${refusal}.`,
  ]
    .filter((sentence) => sentence !== null)
    .join(' ');
}

export function sendView(send: Send, buttons: readonly HTMLElement[]): HTMLElement {
  const { chainId, createdAt, versions, waitsUntil } = send;
  const at = new Date(createdAt).toLocaleString();
  return h(
    'article',
    { 'aria-label': `Send of ${at}` },
    h('h3', {}, `${chainId}, ${at}`),
    ...sentencesOf(send).map((sentence) => h('p', {}, sentence)),
    h('p', { className: 'state' }, whatBecameOf(send)),
    waitsUntil === null ? null : h('p', {}, `Until ${new Date(waitsUntil).toLocaleString()}.`),
    versions.length === 0
      ? null
      : h('p', { className: 'age' }, `Hash: ${versions.map(({ hash }) => tail(hash)).join(', ')}`),
    ...(buttons.length > 0 ? [h('div', { className: 'buttons' }, ...buttons)] : []),
  );
}
