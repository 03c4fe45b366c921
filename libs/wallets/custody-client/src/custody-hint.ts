import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { GivesHealthHint } from '@countersign/jobs';
import { CustodyClient } from './custody-client';

/** Readiness has a second and a half for all its checks. */
const TIMEOUT_MS = 500;

/** Only acts with embedded wallets need custody. */
@Injectable()
@GivesHealthHint('custody')
export class CustodyHint {
  constructor(private readonly custody: CustodyClient) {}

  get isInUse(): boolean {
    return this.custody.isConfigured;
  }

  healthHint(): Promise<string | null> {
    const problem = 'does not answer: acts with embedded wallets are refused';
    return Promise.race([
      this.custody.health().then(
        () => null,
        () => problem,
      ),
      sleep(TIMEOUT_MS, problem, { ref: false }),
    ]);
  }
}
