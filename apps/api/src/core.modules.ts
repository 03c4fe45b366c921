import { AccountModule } from '@countersign/account';
import { AdminModule } from '@countersign/admin';
import { ApplicationsModule } from '@countersign/applications';
import { AuditModule, EventsModule } from '@countersign/audit';
import { AuthModule } from '@countersign/auth';
import { ClockModule } from '@countersign/runtime';
import { DatabaseModule, JobsModule, OneTimeTokensModule } from '@countersign/database';
import { IssuerModule, SessionsModule } from '@countersign/sessions';
import { KeysModule } from '@countersign/keys';
import { LedgerModule } from '@countersign/ledger';
import { LimitsModule } from '@countersign/http';
import { UsersModule } from '@countersign/users';

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
  AdminModule,
];
