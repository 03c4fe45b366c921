import { Injectable } from '@nestjs/common';
import { IdentityKeys } from './identity-keys';

/** Makes keys of identity tokens before they are needed, and removes those that nothing needs any more. */
@Injectable()
export class IdentityKeyUpkeep {
  constructor(private readonly keys: IdentityKeys) {}

  /** @returns how many keys were removed. */
  async run(): Promise<number> {
    await this.keys.ensure();
    return this.keys.removeRetired();
  }
}
