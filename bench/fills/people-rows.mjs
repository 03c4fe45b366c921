import { randomBytes, randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { built } from '../product/built.mjs';
import { lifeOf, SESSIONS_PER_USER, userCreatedAt } from './lives.mjs';
import { product } from '../product/parts.mjs';

const { aTelegramUser } = built('published/fake-telegram/src');

const FIRST_TELEGRAM_ID = 1_000_000_000;
/** The last one rests on the bot's token alone. */
const ASSURANCES = ['platform', 'platform', 'bot-token'];
const DEVICES = ['Telegram on iPhone', null, 'Pixel 9, Android 16'];
const PROOFS_STORED = 8 * product.DAY;
const PRIOR_ACCESS_SECONDS = 10;

/** The tables and the columns that are written, as the statements of the product write them. */
export const TABLES = {
  users: 'id, status, data_key, audit_pseudonym, platform_proven_at, created_at, updated_at',
  identities: `${product.NEW_IDENTITY.names}, created_at, updated_at`,
  identity_digests: 'key_id, digest, identity_id',
  sessions: product.SESSION.names,
  proofs: 'signed_on, proof_id, session_id, issued_at, pair, is_new_user, secret_digest',
  audit_records: 'occurred_at, id, action, actor, subject, application_id, details',
};

/** A person as the fake Telegram knows them, by their index. */
export function personOf(index) {
  return aTelegramUser({ id: FIRST_TELEGRAM_ID + index });
}

/** Makes all rows of one person, sealed, indexed and digested by the product itself. */
export class RowMaker {
  #world;
  #keyRing;
  #tokens;
  #needed;

  constructor(world) {
    this.#world = world;
    this.#keyRing = product.KeyRing.parse(world.keys);
    this.#tokens = new product.SessionTokens(this.#keyRing);
    this.#needed = product.neededFields({ trust: 'first-party', settings: world.settings });
  }

  make(index, write) {
    const { users, now } = this.#world;
    const createdAt = userCreatedAt(index, users, now);
    const at = { msecs: createdAt.getTime() };
    const [userId, identityId, auditPseudonym] = [v7(at), v7(at), randomUUID()];
    const { dataKey, wrapped } = product.createDataKey(this.#keyRing, product.dataKeyPlace(userId));
    const owner = { userId, identityId, dataKey };
    const claim = this.#claimOf(index, createdAt);
    const profile = product.restrictProfile(claim.profile, this.#needed);
    const identity = product.toNewIdentity(owner, claim, profile);

    write('users', [userId, 'active', wrapped, auditPseudonym, createdAt, createdAt, createdAt]);
    write('identities', [...product.NEW_IDENTITY.valuesOf(identity), createdAt, createdAt]);
    for (const { keyId, digest } of product.digestsOf(this.#keyRing, claim))
      write('identity_digests', [keyId, digest, identityId]);
    const sessions = [];
    for (let ordinal = 0; ordinal < SESSIONS_PER_USER; ordinal += 1)
      sessions.push(this.#session({ ...owner, auditPseudonym }, index, ordinal, write));
    return { index, userId, sessions };
  }

  #claimOf(index, madeAt) {
    const user = personOf(index);
    const { first_name: firstName, last_name: lastName, username } = user;
    const profile = {
      firstName,
      lastName,
      username,
      photoUrl: user.photo_url,
      languageCode: user.language_code,
    };
    const key = { provider: 'telegram', environment: 'production', subject: String(user.id) };
    const claim = { ...key, assurance: 'platform', profile, hints: {}, alias: null, madeAt };
    return product.claimWithin(claim, this.#needed);
  }

  #session(owner, index, ordinal, write) {
    const { users, now, applicationId, botRowId, settings } = this.#world;
    const { session: policy, scopes } = settings;
    const life = lifeOf(index, ordinal, users, now);
    const id = v7({ msecs: life.createdAt.getTime() });
    const first = this.#tokens.mint(id);
    const opened = product.deadlinesAtSignIn(policy, life.createdAt);
    const rotated = life.refreshedAt && this.#rotate(id, first, opened, life.refreshedAt);
    const { pair, deadlines, ...prior } = rotated ?? { ...NEVER_ROTATED, pair: first, deadlines: opened };
    const used = product.plusSeconds(life.usedAt, policy.accessIdle);
    const device = DEVICES[ordinal % DEVICES.length];
    const position = { table: 'sessions', column: 'device_name', row: id };
    const assurance = ASSURANCES[ordinal % ASSURANCES.length];
    const { createdAt, endedAt, endReason } = life;
    const { accessToken, refreshToken, accessDigest, refreshDigest, familyDigest } = pair;
    const deviceName = device && product.seal(owner.dataKey, position, device);
    const { accessIdle: accessIdleIn, accessAbsolute: accessAbsoluteIn, refreshIdle: refreshIdleIn } = policy;
    const session = {
      ...{ id, applicationId, userId: owner.userId, identityId: owner.identityId, botRowId, assurance },
      ...{ door: 'telegram-init-data', authenticatedAt: createdAt, proofMadeAt: createdAt, scopes },
      ...{ stepUpExpiresAt: null, isOfAllowedBot: true, deviceKeyThumbprint: null, reentryRefusedAt: null },
      ...{ deviceName, createdAt, ...deadlines, accessDigest, familyDigest, refreshDigest, ...prior },
      accessIdleExpiresAt: product.earliest(deadlines.accessExpiresAt, used),
      ...{ accessIdleIn, accessAbsoluteIn, refreshIdleIn, endedAt, endReason },
    };
    write('sessions', product.SESSION.valuesOf(session));
    this.#traces(owner, id, life, write);
    return { sessionId: id, kind: life.kind, assurance, accessToken, refreshToken };
  }

  #rotate(id, first, { expiresAt }, at) {
    const presented = this.#tokens.readRefresh(first.refreshToken);
    const pair = this.#tokens.mint(id, presented.family);
    return {
      pair,
      deadlines: product.deadlinesAtRotation(this.#world.settings.session, expiresAt, at),
      priorAccessDigest: first.accessDigest,
      priorAccessExpiresAt: product.plusSeconds(at, PRIOR_ACCESS_SECONDS),
      rotations: product.withRotation({ id, rotations: [] }, presented, pair, at),
    };
  }

  /** The proof that opened it, while proofs are stored, and its audit records. */
  #traces({ auditPseudonym }, id, { createdAt, endedAt, endReason }, write) {
    const { now, applicationId, botId } = this.#world;
    if (now - createdAt.getTime() < PROOFS_STORED) {
      const signedOn = createdAt.toISOString().slice(0, 10);
      write('proofs', [signedOn, randomBytes(32), id, createdAt, Buffer.alloc(0), false, randomBytes(32)]);
    }
    const opened = { provider: 'telegram', environment: 'production', assurance: 'platform', botId };
    const record = (at, action, actor, details) =>
      write('audit_records', [at, recordId(at), action, actor, id, applicationId, JSON.stringify(details)]);
    record(createdAt, 'session.opened', `user:${auditPseudonym}`, opened);
    if (endedAt) record(endedAt, 'session.ended', `session:${id}`, { reason: endReason });
  }
}

const recordId = (at) => v7({ msecs: at.getTime() });
const NEVER_ROTATED = { priorAccessDigest: null, priorAccessExpiresAt: null, rotations: [] };
