import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, Repository } from 'typeorm';
import { Clock, plusSeconds } from '@countersign/clock';
import { KeyRing, mintToken, openUnder, readToken, sealUnder, sha256 } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { oidcError } from './oidc.errors';
import { OidcTransactionEntity } from './oidc-transaction.entity';

/** How long the person may take at Telegram. */
export const OIDC_TRANSACTION_SECONDS = 600;

const PURPOSE = 'countersign/oidc-transaction/v1';
const PREFIX = 'cs_os';
const STATE_BYTES = 32;

/** The data of the start that the callback needs. */
export interface OidcTransaction {
  readonly applicationId: string;
  readonly botId: string;
  /** Where the sign-in ends, and what goes with it. */
  readonly redirectUri: string;
  readonly clientState: string | null;
  readonly codeChallenge: string;
  /** As it was sent to Telegram. */
  readonly callbackUrl: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  /** Of the link that the person opened: chosen by its author. */
  readonly startParam: string | null;
}

type Content = Omit<OidcTransaction, 'applicationId'>;

/** What goes to Telegram, and what stays in the browser. */
interface OidcTransactionKeys {
  /** Telegram refuses more than 256 characters; this has fewer than 80. */
  readonly state: string;
  readonly browserSecret: string;
}

/** Sign-ins that are at Telegram. The table has digests, and what is sealed under the state. */
@Injectable()
export class OidcTransactions {
  constructor(
    @InjectRepository(OidcTransactionEntity)
    private readonly transactions: Repository<OidcTransactionEntity>,
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  async begin({ applicationId, ...content }: OidcTransaction): Promise<OidcTransactionKeys> {
    const state = mintToken(this.keyRing, PREFIX, randomBytes(STATE_BYTES));
    const browserSecret = randomText();
    const stateDigest = sha256(state);
    const transaction: OidcTransactionEntity = {
      stateDigest,
      applicationId,
      browserDigest: sha256(browserSecret),
      content: sealUnder(
        Buffer.from(state),
        PURPOSE,
        Buffer.from(JSON.stringify(content)),
        stateDigest.toString('hex'),
      ),
      expiresAt: plusSeconds(this.clock.now(), OIDC_TRANSACTION_SECONDS),
    };
    await this.database.transaction((tx) => tx.withRepository(this.transactions).insert(transaction));
    return { state, browserSecret };
  }

  /**
   * Ends a transaction; a browser that did not begin it changes nothing.
   * @throws AppError oidc.state_invalid, oidc.browser_mismatch
   */
  async take(state: string, browserSecret: string | null): Promise<OidcTransaction> {
    if (!readToken(this.keyRing, PREFIX, STATE_BYTES, state)) throw oidcError('oidc.state_invalid');
    const [digest, now] = [sha256(state), this.clock.now()];
    const taken = await this.database.transaction(async (tx) => {
      const deleted = await tx
        .withRepository(this.transactions)
        .createQueryBuilder()
        .delete()
        .where({
          stateDigest: digest,
          browserDigest: sha256(browserSecret ?? ''),
          expiresAt: MoreThan(now),
        })
        .returning(['applicationId', 'content'])
        .execute();
      const [row] = deleted.raw as { application_id: string; content: Buffer }[];
      return row;
    });
    if (!taken)
      throw oidcError((await this.isUnderWay(digest, now)) ? 'oidc.browser_mismatch' : 'oidc.state_invalid');
    const opened = openUnder(Buffer.from(state), PURPOSE, taken.content, digest.toString('hex'));
    const content = JSON.parse(opened.toString('utf8')) as Content;
    return { ...content, applicationId: taken.application_id };
  }

  private async isUnderWay(digest: Buffer, now: Date): Promise<boolean> {
    return this.database.read(() =>
      this.transactions.existsBy({ stateDigest: digest, expiresAt: MoreThan(now) }),
    );
  }
}

/** 256 random bits in 43 characters. */
export function randomText(): string {
  return randomBytes(32).toString('base64url');
}
