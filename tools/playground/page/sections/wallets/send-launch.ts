import {
  cancelWaitingSend,
  confirmSend,
  launchedSend,
  readSend,
  type LaunchedSend,
  type Send,
} from '@countersign/client/wallets';
import { h } from '../../dom';
import { countersign } from '../../me';
import type { Section } from '../../section';
import { sentencesOf } from './send-view';

/** Asks the person of a launch that names a send. */
export function launchOf(section: Section): HTMLElement {
  const element = h('div', { className: 'confirmation' });
  const show = (): void => {
    const found = launchedSend(countersign);
    element.replaceChildren();
    if (!found) return;
    void section.run(async () => {
      const send = await readSend(countersign, found.walletId, found.sendId);
      if (send.state !== 'waiting') return '';
      element.replaceChildren(viewOf(section, found, send));
      return 'Read what waits before you confirm it.';
    });
  };
  countersign.session.subscribe(show);
  show();
  return element;
}

function viewOf({ action }: Section, launched: LaunchedSend, send: Send): HTMLElement {
  const { walletId, sendId } = launched;
  const title = 'What waits for you';
  const view = h('div', { className: 'question', role: 'group', 'aria-label': title });
  view.append(
    h('h3', {}, title),
    ...sentencesOf(send).map((sentence) => h('p', {}, sentence)),
    h(
      'div',
      { className: 'buttons' },
      action('Confirm the send', async () => {
        const { state } = await confirmSend(countersign, launched);
        view.remove();
        return `It is confirmed: ${state}.`;
      }),
      action('Cancel it', async () => {
        await cancelWaitingSend(countersign, walletId, sendId);
        view.remove();
        return 'It is cancelled: nothing is sent.';
      }),
    ),
  );
  return view;
}
