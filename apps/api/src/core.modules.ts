import { AccountModule } from '@countersign/account';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { ClockModule } from '@countersign/clock';
import { DatabaseModule } from '@countersign/database';
import { EventsModule } from '@countersign/events';
import { IssuerModule } from '@countersign/issuer';
import { JobsModule } from '@countersign/jobs';
import { KeysModule } from '@countersign/keys';
import { LedgerModule } from '@countersign/ledger';
import { LimitsModule } from '@countersign/limits';
import { OneTimeTokensModule } from '@countersign/one-time-tokens';
import { SessionsModule } from '@countersign/sessions';
import { UsersModule } from '@countersign/users';

/** Of the service and of the command line. */
export const coreModules = [
  // The technical floor
  AuditModule,
  ClockModule,
  DatabaseModule,
  EventsModule,
  JobsModule,
  KeysModule,
  LedgerModule,
  LimitsModule,
  OneTimeTokensModule,
  // The business
  ApplicationsModule,
  UsersModule,
  SessionsModule,
  AuthModule,
  AccountModule,
  IssuerModule,
];
