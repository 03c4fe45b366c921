import { createDecipheriv, createECDH, hkdfSync, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import type { LocalAccount } from 'viem/accounts';
import type { Asked, CustodyClient } from '@countersign/embedded-wallets';
import { encodeFrame, exchange, type Frame } from '@countersign/custody-protocol';
import { FakeTelegram } from '@countersign/fake-telegram';
import { aBotToken, anInitData, aPerson, type LaunchOptions, type Person } from '../factories';

const [BOT_ID, TEST_BOT_ID] = ['700000001', '700000002'];

/** One call at a socket of custody. */
export const callAt = (path: string, header: object, body = ''): Promise<Frame | null> =>
  exchange(encodeFrame(header, Buffer.from(body)), connect(path), 10_000);

/** By custody, or by the API. */
export type AskedFor = Asked | { readonly link: string };

/** What the consent page asks custody, for persons of a Telegram of its own. */
export class ConsentPage {
  readonly telegram = new FakeTelegram();
  readonly botToken = aBotToken(BOT_ID);
  /** Of launches, where custody has a clock of its own. */
  now = (): Date => new Date();
  private readonly persons = new Map<string, Person>();
  readonly testBotToken = aBotToken(TEST_BOT_ID);

  constructor(
    private readonly socket: string,
    private readonly client: CustodyClient,
  ) {}

  /** For the file of rules. */
  get bots(): readonly object[] {
    const key = ({ x = '' }: { readonly x?: string | undefined }): string =>
      Buffer.from(x, 'base64url').toString('hex');
    const { production, test } = this.telegram.publicKeys;
    return [
      {
        ...{ environment: 'production', id: BOT_ID, username: 'consent_bot' },
        publicKey: key(production.export({ format: 'jwk' })),
      },
      {
        ...{ environment: 'test', id: TEST_BOT_ID, username: 'consent_test_bot' },
        publicKey: key(test.export({ format: 'jwk' })),
      },
    ];
  }

  /** Init data of the consent bot. */
  launch(person: Person, startParam?: string, more: LaunchOptions = {}): string {
    return anInitData(this.telegram, this.botToken, person, {
      authDate: this.now(),
      ...(startParam === undefined ? {} : { startParam }),
      ...more,
    });
  }

  async call(header: object, launch: string): Promise<Record<string, unknown>> {
    const frame = await callAt(this.socket, header, launch);
    if (!frame) throw new Error('custody does not answer');
    const { ok, ...answer } = frame.header as { ok: boolean } & Record<string, unknown>;
    const body = frame.body.toString('utf8');
    return { ...answer, ...(ok ? {} : { ok }), ...(body === '' ? {} : (JSON.parse(body) as object)) };
  }

  /** As a person who opens the link and accepts. @returns what custody answers */
  async accept(asked: AskedFor, person: Person, more: LaunchOptions = {}): Promise<Record<string, unknown>> {
    const { consent, startParam } = opened(asked);
    return this.call({ call: 'accept', consent }, this.launch(person, startParam, more));
  }

  /** Makes a wallet that belongs to a person. */
  async aWalletOf(person: Person): Promise<string> {
    const walletId = randomUUID();
    await this.client.create({ callId: randomUUID(), walletId }, 'production');
    const asked = await this.client.askFor({ callId: randomUUID(), walletId }, 'bind');
    const { state } = await this.accept(asked, person);
    if (state !== 'done') throw new Error(`the wallet is not bound: ${String(state)}`);
    return walletId;
  }

  /** What the API asks for. */
  askForWayOut(walletId: string, { address: evm }: LocalAccount, ton: string | null = null): Promise<Asked> {
    return this.client.askFor({ callId: randomUUID(), walletId }, 'way-out', {}, { evm, ton });
  }

  /** The page of a person asks for the second link. @param by who signs the text */
  async acceptLink(asked: AskedFor, person: Person, by: LocalAccount): Promise<Record<string, unknown>> {
    const { consent, startParam } = opened(asked);
    const message = String((await this.call({ call: 'naming-text', consent }, ''))['text']);
    const signature = await by.signMessage({ message });
    return this.call({ call: 'accept-link', consent, signature }, this.launch(person, startParam));
  }

  /** As a person who opens both links, with the wallet that signs between them. @returns what custody answers */
  async acceptWayOut(asked: AskedFor, person: Person, by: LocalAccount): Promise<Record<string, unknown>> {
    const second = await this.acceptLink(asked, person, by);
    return 'link' in second ? this.accept(second as { link: string }, person) : second;
  }

  /** What a way out signs to ask. */
  async wayOutText(walletId: string, { address }: LocalAccount): Promise<string> {
    return String((await this.call({ call: 'way-out-text', walletId, address }, ''))['text']);
  }

  async askWayOut(walletId: string, wayOut: LocalAccount): Promise<Record<string, unknown>> {
    const { address } = wayOut;
    const signature = await wayOut.signMessage({ message: await this.wayOutText(walletId, wayOut) });
    return this.call({ call: 'ask-way-out', walletId, address, signature }, '');
  }

  /** The words of a wallet that is of nobody else: a person of its own exports them. */
  async wordsOf(walletId: string): Promise<string> {
    const known = this.persons.get(walletId);
    if (known) return this.exported(walletId, known);
    const person = aPerson();
    const asked = await this.client.askFor({ callId: randomUUID(), walletId }, 'bind');
    await this.accept(asked, person);
    this.persons.set(walletId, person);
    return this.exported(walletId, person);
  }

  /** @throws Error with the code that custody refuses with */
  async exported(walletId: string, person: Person): Promise<string> {
    const asked = await this.client.askFor({ callId: randomUUID(), walletId }, 'export');
    await this.accept(asked, person);
    return this.collected(asked, person);
  }

  /** @throws as `exported` */
  async collected(asked: AskedFor, person: Person): Promise<string> {
    const { consent, startParam } = opened(asked);
    const ecdh = createECDH('prime256v1');
    const key = ecdh.generateKeys('hex');
    const answer = await this.call({ call: 'collect', consent, key }, this.launch(person, startParam));
    if (typeof answer['box'] !== 'string')
      throw Object.assign(new Error('no words'), { code: answer['code'], details: answer });
    const [sender, nonce, box] = ['sender', 'nonce', 'box'].map((name) =>
      Buffer.from(String(answer[name]), 'base64url'),
    ) as [Buffer, Buffer, Buffer];
    const shared = ecdh.computeSecret(sender);
    const secret = hkdfSync('sha256', shared, Buffer.alloc(0), `countersign/export/${consent}`, 32);
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(secret), nonce);
    decipher.setAuthTag(box.subarray(-16));
    return Buffer.concat([decipher.update(box.subarray(0, -16)), decipher.final()]).toString('utf8');
  }
}

/** What the link of a consent opens. */
export function opened(asked: AskedFor): { readonly consent: string; readonly startParam: string } {
  if (!('link' in asked)) throw new Error('no consent is needed');
  const startParam = new URL(asked.link).searchParams.get('startapp') ?? '';
  return { consent: Buffer.from(startParam.slice(2, 45), 'base64url').toString('hex'), startParam };
}
