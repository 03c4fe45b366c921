import type { Browser, Page } from 'playwright-core';
import { useFixture } from '../support/use-fixture';
import { API, gatewayNames, useGateway } from '../system/support/behind-gateway';
import { launchBrowser } from '../system/support/browser';

interface Socket {
  /** The selected subprotocol. */
  readonly protocol: string;
  readonly messages: readonly string[];
  /** Code of the close event, where it came before an answer. */
  readonly closed: number | null;
}

/** Opens a WebSocket, says hello, and waits for the echo or the end. */
const TALK = `async ([url, protocols]) => new Promise((resolve) => {
  const socket = new WebSocket(url, protocols);
  const messages = [];
  const finish = (closed) => resolve({ protocol: socket.protocol, messages, closed });
  socket.onopen = () => socket.send('hello');
  socket.onclose = ({ code }) => finish(code);
  socket.onmessage = ({ data }) => {
    messages.push(data);
    if (data === 'hello') finish(null);
  };
})`;

describe.each(gatewayNames)('a WebSocket of a page, in Chromium through %s', (name) => {
  const gateway = useGateway(name);
  const browser = useFixture<Browser>(() => launchBrowser(), { close: (each) => each.close() });
  const page = useFixture<Page>(() => browser.newPage(), { per: 'test', close: (each) => each.close() });

  const talk = (...protocols: readonly string[]): Promise<Socket> =>
    page.evaluate(`(${TALK})(${JSON.stringify([`ws://${API}:${gateway.port}/orders/live`, protocols])})`);

  beforeEach(() => {
    gateway.service.received.length = 0;
  });

  it('opens by its access token, which the service neither gets nor selects', async () => {
    const { accessToken, userId } = await gateway.signIn();

    const socket = await talk('orders.v1', `countersign.token.${accessToken}`);

    expect(socket).toEqual({
      protocol: 'orders.v1',
      messages: [`caller ${userId}\n`, 'hello'],
      closed: null,
    });
    expect(gateway.service.last.valuesOf('Sec-WebSocket-Protocol')).toEqual(['orders.v1']);
    expect(gateway.service.last.rawHeaders.join('\n')).not.toContain(accessToken);
  });

  it('does not open without a token, and the service hears of nothing', async () => {
    expect(await talk('orders.v1')).toMatchObject({ messages: [], closed: 1006 });
    expect(gateway.service.received).toEqual([]);
  });

  it('offers a location without the check no subprotocols', async () => {
    const { accessToken } = await gateway.signIn();
    await gateway.at(API).get('/orders/catalogue/1', {
      'sec-websocket-protocol': `orders.v1, countersign.token.${accessToken}`,
    });

    expect(gateway.service.last.valuesOf('Sec-WebSocket-Protocol')).toEqual([]);
  });
});
