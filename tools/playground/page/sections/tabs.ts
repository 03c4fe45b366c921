import { h } from '../dom';
import { countersign } from '../me';
import { onExchange, spoilNextToken } from '../recorder';
import { addSection } from '../section';

type Message =
  | { readonly kind: 'who' | 'here' | 'race' }
  | { readonly kind: 'done'; readonly refreshes: number };

const OTHERS_MS = 300;
const RACE_MS = 2500;

export function tabsSection(): void {
  const { body, say, action } = addSection(
    'tabs',
    'Two tabs',
    'Tabs share one session. When its token ends, one of them renews it and the others take the new pair.',
  );
  const channel = new BroadcastChannel('playground:tabs');
  const count = h('p', { className: 'state' }, 'This is the only tab.');
  let others = 0;
  let done: number[] = [];
  let refreshes = 0;
  onExchange(({ who, url }) => {
    if (who === 'you' && url.endsWith('/v1/auth/refresh')) refreshes += 1;
  });
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    switch (data.kind) {
      case 'who':
        send({ kind: 'here' });
        others = Math.max(others, 1);
        break;
      case 'here':
        others += 1;
        break;
      case 'race':
        void race().then((sent) => {
          send({ kind: 'done', refreshes: sent });
          say('This tab took part in a race.');
        });
        break;
      case 'done':
        done.push(data.refreshes);
    }
    if (others > 0)
      count.textContent = `Open: this tab and ${others === 1 ? 'another one' : `${others} others`}.`;
  };
  body.append(
    count,
    h(
      'div',
      { className: 'buttons' },
      action('Open a second tab', async () => {
        window.open(location.href, '_blank', 'noopener');
        return 'It opens with the same init data, and takes the session of this tab.';
      }),
      action('Call from all tabs with an ended token', async () => {
        await findOthers();
        done = [];
        send({ kind: 'race' });
        const mine = await race();
        await after(RACE_MS);
        const sent = done.reduce((sum, each) => sum + each, mine);
        return `${done.length + 1} tabs called at once, all were refused, all got their answer; refreshes sent: ${sent}.`;
      }),
    ),
  );
  void findOthers();

  /** @returns how many refreshes this tab sent */
  async function race(): Promise<number> {
    const before = refreshes;
    spoilNextToken();
    await countersign.call('GET', '/v1/me').catch(() => undefined);
    return refreshes - before;
  }

  async function findOthers(): Promise<void> {
    others = 0;
    send({ kind: 'who' });
    await after(OTHERS_MS);
    if (others === 0) count.textContent = 'This is the only tab.';
  }

  function send(message: Message): void {
    channel.postMessage(message);
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
