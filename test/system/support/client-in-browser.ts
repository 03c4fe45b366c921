import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { aPerson, type Person } from '../../factories';
import { patience } from '../../runner/patience.cjs';
import { useFixture } from '../../support/use-fixture';
import { launchBrowser, type BrowserOptions } from './browser';
import { BuiltService, type ApplicationName } from './built-service';
import { packedClient } from './client-package';
import { Tab } from './client-tab';
import { PageServer } from './page-server';
import { freePort } from './program';

const BUILD_AND_BOOT_MS = 300_000 * patience;
const LIMIT_MS = 15_000 * patience;

export const REFRESH = '/v1/auth/refresh';
export const SIGN_IN = '/v1/auth/telegram/init-data';
/** In milliseconds: longer than an access token lives unused. */
export const PAST_EXPIRY = 31 * 60_000;

export interface Launch {
  readonly application?: ApplicationName;
  /** None for a web page. */
  readonly initData?: string | null;
  /** Whether the client has device keys. */
  readonly hasKeys?: boolean;
  /** Whether the page waits for `start()` before it uses the client. */
  readonly waits?: boolean;
}

/** The packed client in Chromium, in a product's page, with the built service behind it. */
export class Place {
  private constructor(
    readonly service: BuiltService,
    readonly server: PageServer,
    readonly browser: Browser,
  ) {}

  static async start(options?: BrowserOptions): Promise<Place> {
    const port = await freePort();
    const server = await PageServer.start(`http://127.0.0.1:${port}`, await packedClient());
    const service = await BuiltService.start(port, [server.origin, server.otherOrigin]);
    return new Place(service, server, await launchBrowser(options));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.service.stop();
  }

  async device(): Promise<Device> {
    const context = await this.browser.newContext();
    context.setDefaultTimeout(LIMIT_MS);
    return new Device(this, context);
  }

  /** Init data of another launch. */
  initData(person: Person = aPerson(), application: ApplicationName = 'usual'): string {
    return this.service.initDataOf(application, person);
  }

  addressOf({ application = 'usual', initData, hasKeys, waits }: Launch): string {
    const query = new URLSearchParams({
      api: this.service.address,
      application: this.service.applicationId(application),
    });
    if (hasKeys) query.set('keys', '');
    if (waits) query.set('waits', '');
    const fragment = initData ? `#tgWebAppData=${encodeURIComponent(initData)}&tgWebAppVersion=9.0` : '';
    return `${this.server.origin}/?${query.toString()}${fragment}`;
  }
}

export function usePlace(options?: BrowserOptions): Place {
  return useFixture(() => Place.start(options), {
    close: (place) => place.stop(),
    timeoutMs: BUILD_AND_BOOT_MS,
  });
}

/** A new browser context for each test. Its tabs share storage, and its requests to the service are recorded. */
export function useDevice(place: Place): Device {
  return useFixture(() => place.device(), {
    per: 'test',
    close: async (device) => {
      await device.context.close();
      expect(device.secondInitData).toEqual([]);
    },
  });
}

export class Device {
  readonly requests: Request[] = [];
  /** Init data beside that of the launch: no client of Telegram gives a running page another one. */
  readonly secondInitData: string[] = [];
  /** By page and person. */
  private readonly launches = new Map<Page, Map<string, string>>();

  constructor(
    private readonly place: Place,
    readonly context: BrowserContext,
  ) {
    context.on('request', (request) => {
      if (!request.url().startsWith(place.service.address)) return;
      this.requests.push(request);
      this.noteInitData(request);
    });
  }

  /** A page that leaves its address is another launch. */
  private noteInitData(request: Request): void {
    const sent = request.headers()['content-type'] === 'application/json' ? request.postData() : null;
    const { initData } = JSON.parse(sent ?? '{}') as { readonly initData?: string };
    if (initData === undefined) return;
    const page = request.frame().page();
    const known = this.launches.get(page) ?? new Map<string, string>();
    if (!this.launches.has(page)) page.on('framenavigated', () => known.clear());
    this.launches.set(page, known);
    const person = new URLSearchParams(initData).get('user') ?? '';
    if ((known.get(person) ?? initData) !== initData) this.secondInitData.push(initData);
    known.set(person, initData);
  }

  /** How often a path was asked for. */
  count(path: string): number {
    return this.sent(path).length;
  }

  /** How often the session was renewed: a refresh whose answer is late is sent once more, with the same token. */
  renewals(): number {
    const bodies = this.sent(REFRESH).map((request) => request.postDataJSON() as { refreshToken: string });
    return new Set(bodies.map(({ refreshToken }) => refreshToken)).size;
  }

  sent(path: string): Request[] {
    return this.requests.filter((request) => new URL(request.url()).pathname === path);
  }

  async open(launch: Launch): Promise<Tab> {
    const tab = new Tab(await this.context.newPage());
    await tab.goto(this.place.addressOf(launch));
    return tab;
  }

  /** Opens the page, and waits until the person is signed in. */
  async signIn(launch: Launch = {}): Promise<Tab> {
    const tab = await this.open({ initData: this.place.initData(), ...launch });
    await tab.waitFor('signed-in');
    return tab;
  }
}
