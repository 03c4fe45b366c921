import { Injectable } from '@nestjs/common';
import { scopesInUse, PrincipalsService } from '@countersign/admin';
import { actingAs } from '@countersign/audit';
import { Clock, plusSeconds } from '@countersign/runtime';

/** Its secrets are replaced, so no principal of an operator may have this name. */
const NAME = 'developer of npm start';
const SECRET_SECONDS = 12 * 3_600;

/** The principal of the developer has all scopes. The console link and commands in another terminal use it. */
@Injectable()
export class DeveloperPrincipal {
  constructor(
    private readonly principals: PrincipalsService,
    private readonly clock: Clock,
  ) {}

  /** Replaces the secret of this name. The sessions and tokens of the former one end. */
  renewSecret(name: string): Promise<{ readonly principalId: string; readonly secret: string }> {
    return actingAs('operator:npm start', async () => {
      const known = await this.principals.list({ afterId: null, limit: 1_000 });
      const developer =
        known.find((one) => one.name === NAME) ??
        (await this.principals.create({ name: NAME, scopes: scopesInUse.names }, null)).principal;
      const principalId = developer.id;
      for (const secret of await this.principals.listSecrets(principalId))
        if (secret.name === name) await this.principals.removeSecret(principalId, secret.id, null);
      const expiresAt = plusSeconds(this.clock.now(), SECRET_SECONDS);
      const { clientSecret } = await this.principals.addSecret(principalId, { name, expiresAt }, null);
      return { principalId, secret: clientSecret };
    });
  }
}
