import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '@countersign/runtime';
import { equalsConstantTime, tokenDigest } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { ApplicationDirectory } from '../application-directory';
import { ApplicationSecrets } from './application-secrets';
import { clientSecretError } from '../application.errors';
import { ClientSecretEntity } from '../store/application.entity';
import { applicationEvents } from '../applications.feature';

const SECRET_BYTES = 32;
const PREFIX = 'cs_cs_';

/** With this many random bits, a plain digest is enough at rest. */
export function mintClientSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
}

/** The secrets by which an application's servers authenticate. There are several while one is being replaced. */
@Injectable()
export class ClientSecrets {
  constructor(
    private readonly database: Database,
    private readonly secrets: ApplicationSecrets,
    private readonly directory: ApplicationDirectory,
    private readonly clock: Clock,
  ) {}

  /** @returns the secret too: it is shown once, and stored as a digest */
  async add(applicationId: string, name: string): Promise<{ secretId: string; clientSecret: string }> {
    const [secretId, clientSecret] = [uuidv7(), mintClientSecret()];
    const [digest, createdAt] = [tokenDigest(clientSecret), this.clock.now()];
    await this.secrets.add(applicationId, applicationEvents.clientSecretAdded, async (tx) => {
      await tx.insert(ClientSecretEntity, { id: secretId, applicationId, name, digest, createdAt });
      return { secretId, isNew: true };
    });
    return { secretId, clientSecret };
  }

  /** Oldest first, without the secrets themselves. */
  async list(applicationId: string): Promise<readonly { secretId: string; name: string; createdAt: Date }[]> {
    const found = await this.secrets.list(ClientSecretEntity, applicationId);
    return found.map(({ id, name, createdAt }) => ({ secretId: id, name, createdAt }));
  }

  /** Without any secret, no client authenticates as the application. */
  async remove(applicationId: string, secretId: string): Promise<void> {
    const notFound = clientSecretError('client_secret.not_found');
    const key = { applicationId, secretId };
    await this.secrets.remove(ClientSecretEntity, key, applicationEvents.clientSecretRemoved, notFound);
  }

  /** Finds the application of a secret, for protocols that send nothing else; null for any other text. */
  async findApplication(text: string): Promise<string | null> {
    if (!text.startsWith(PREFIX)) return null;
    // The lookup by an index is safe, because the digest of 256 random bits reveals nothing.
    const found = await this.database.read((manager) =>
      manager.findOneBy(ClientSecretEntity, { digest: tokenDigest(text) }),
    );
    return found?.applicationId ?? null;
  }

  /** False also if there is no such application. */
  async verify(applicationId: string, text: string): Promise<boolean> {
    const presented = tokenDigest(text);
    const { clientSecretDigests = [] } = (await this.directory.get(applicationId)) ?? {};
    // All of them are compared, so that the timing reveals nothing.
    return clientSecretDigests.filter((digest) => equalsConstantTime(digest, presented)).length > 0;
  }
}
