import { duration, h } from '../dom';
import { countersign, initDataOf, me } from '../me';
import { addSection } from '../section';

export function stepUpSection(): void {
  const { body, action } = addSection(
    'step-up',
    'Step up',
    'Before what cannot be undone, the person proves again who they are: with init data of a new launch, here minted at this moment. It counts for five minutes.',
  );
  const state = h('p', { className: 'state' }, 'Not stepped up since the page was opened.');
  let until = 0;
  setInterval(draw, 1000);
  body.append(
    state,
    h(
      'div',
      { className: 'buttons' },
      action('Step up', async () => {
        if (!me) return 'Sign in first.';
        const initData = await initDataOf(me.id);
        const { stepUpExpiresIn } = await countersign.call('POST', '/v1/me/step-up', { body: { initData } });
        until = Date.now() + stepUpExpiresIn * 1000;
        draw();
        return 'Proved. Now export, link, merge and wallets are allowed.';
      }),
      action('Export my data, which needs it', async () => {
        const data = await countersign.call('GET', '/v1/me/export');
        return `Exported: ${Object.keys(data).join(', ')}.`;
      }),
    ),
  );

  function draw(): void {
    if (until === 0) return;
    const left = (until - Date.now()) / 1000;
    state.textContent = left > 0 ? `Stepped up for ${duration(left)} more.` : 'The step-up is over.';
  }
}
