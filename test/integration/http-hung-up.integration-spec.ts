import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { INIT_DATA_DOOR } from '../support/device-key';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp();
const demo = useApplication(app);

describe('a client that hangs up before its answer', () => {
  it('is in the log and in the metrics, since what it asked for was done', async () => {
    const { applicationId } = demo;
    const body = JSON.stringify({ applicationId, initData: app.initDataOf(demo) });
    const held = await app.database.hold('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
    const client = connect(app.port, '127.0.0.1').on('error', () => undefined);
    client.write(
      `POST ${INIT_DATA_DOOR} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await sleep(300);
    client.destroy();
    await sleep(100);
    await held.commit();
    await sleep(500);

    expect(await app.database.query('SELECT 1 FROM sessions')).toHaveLength(1);
    const line = app.logLines.find((one) => one.includes('"answered"') && one.includes(INIT_DATA_DOOR));
    const { text } = await app.gateway.get('/metrics');
    const counted = text
      .split('\n')
      .filter((one) => one.startsWith('countersign_http_requests_total') && one.includes(INIT_DATA_DOOR));
    expect({ line: line !== undefined, counted: counted.length }).toEqual({ line: true, counted: 1 });
  });
});
