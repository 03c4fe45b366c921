import { useDevice, usePlace } from '../system/support/client-in-browser';
import type { Tab } from '../system/support/client-tab';

const place = usePlace();
const device = useDevice(place);

function fragment(initData: string): string {
  return `#${new URLSearchParams({ tgWebAppData: initData, tgWebAppVersion: '9.0' }).toString()}`;
}

async function follow(tab: Tab, address: string): Promise<void> {
  await tab.goto(address);
  await tab.until(`client.session.getSnapshot().status !== 'loading'`);
}

describe('a link that carries init data of the one who sends it', () => {
  it('signs no one in where an https: page is opened outside Telegram', async () => {
    const tab = await device.openBlank();

    await follow(tab, (await device.secure()) + fragment(place.initData()));

    expect(await tab.state()).toEqual({ status: 'signed-out' });
  });

  it('leaves the session of its reader as it is', async () => {
    const address = await device.secure();
    const tab = await device.openBlank();
    await follow(tab, address);
    const proof = { with: 'telegram/init-data', initData: place.initData() };
    await tab.run(`client.signIn(${JSON.stringify(proof)})`);
    const { userId } = await tab.state();

    await follow(tab, address + fragment(place.initData()));

    expect(await tab.state()).toMatchObject({ status: 'signed-in', userId });
    expect(await tab.me()).toMatchObject({ userId });
  });

  it('changes nothing where it is followed within the page', async () => {
    const tab = await device.signIn();
    const { userId } = await tab.state();
    await tab.run(`void (location.hash = ${JSON.stringify(fragment(place.initData()))})`);
    await tab.run('client.signOut()');

    await tab.run('client.signIn()');

    expect(await tab.me()).toMatchObject({ userId });
  });

  it('is a launch where a client of Telegram opens it', async () => {
    await device.context.addInitScript('window.TelegramWebviewProxy = { postEvent: () => undefined }');
    const tab = await device.openBlank();

    await follow(tab, (await device.secure()) + fragment(place.initData()));

    expect(await tab.state()).toMatchObject({ status: 'signed-in' });
  });
});
